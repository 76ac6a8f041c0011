#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "app/analysis.h"
#include "app/stick_figure.h"

namespace buttress {

/// The one-file page that people open: report.html with everything inside it, no scripts or fonts from elsewhere.
/// Says first whether the numbers can be trusted and what came out in words, then draws joint loads, muscle forces by
/// group and joint moments, normal against weakened, each also as a table, with units, signs, the intended use and
/// where the numbers come from.
/// @param posture_html drawings of the posture, see make_posture_pictures; empty = none
std::string make_report_html(const Analysis& analysis, const std::string& posture_html);

/// the activations of all conditions at one frame, labelled as in the report; they point into `analysis`
std::vector<FigureActivation> find_figures(const Analysis& analysis, std::size_t frame);

/// drawings of one frame as HTML: the title, and an SVG for each condition, which stand beside or under each other
/// @param loads [loads x 9] of that frame, or nullptr
std::string make_posture_pictures(const Analysis& analysis, std::size_t frame, const double* loads,
                                  const std::string& title);

}  // namespace buttress
