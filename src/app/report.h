#pragma once
#include <string>

#include "app/analysis.h"

namespace buttress {

/// The one-file page that people open: report.html with everything inside it, no scripts or fonts from elsewhere.
/// Says first whether the numbers can be trusted, then joint loads, muscle forces by group and joint moments, whole
/// against weakened, each drawn and as a table, with units, signs and the intended use.
/// @param stick_figure_svg a drawing of the posture to put at the top; empty = none
std::string make_report_html(const Analysis& analysis, const std::string& stick_figure_svg);

}  // namespace buttress
