#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "study/run_result.h"
#include "view/stick_figure.h"
#include "view/words/words.h"

namespace buttress {

/// The one-file page that people open: report.html with everything inside it, no scripts or fonts from elsewhere.
/// Says first whether the numbers can be trusted and what came out in words, then draws joint loads, muscle forces by
/// group and joint moments, normal against weakened, each also as a table, with units, signs, the intended use and
/// where the numbers come from.
/// @param posture_html drawings of the posture, see make_posture_pictures; empty = none
std::string make_report_html(const RunResult& result, const Words& words, const std::string& posture_html);

/// the activations of all conditions at one frame, labelled as in the report; they point into `result`
std::vector<FigureActivation> find_figures(const RunResult& result, std::size_t frame);

/// drawings of one frame as HTML: the title, and an SVG for each condition, which stand beside or under each other
std::string make_posture_pictures(const RunResult& result, std::size_t frame, const std::string& title);

/// one frame to draw, with the outside forces of the last condition; it points into `result`
Posture find_posture(const RunResult& result, std::size_t frame);

}  // namespace buttress
