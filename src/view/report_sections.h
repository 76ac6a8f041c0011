#pragma once
#include <string>

#include "study/run_result.h"

/// The drawn parts of report.html: each has charts (curves, or bars when there is a single frame) and a table of the
/// same numbers for those who cannot see them.
namespace buttress {

std::string make_joint_load_section(const RunResult& result);
std::string make_muscle_section(const RunResult& result);
std::string make_moment_section(const RunResult& result);
/// residuals, reserves, muscles at their limit
std::string make_trust_section(const RunResult& result);

}  // namespace buttress
