#pragma once
#include <nlohmann/json_fwd.hpp>

#include "app/analysis.h"

namespace buttress {

/// Runs the whole condition and, when there are changes, the weakened one; fills analysis.conditions, joint_moments and
/// the notes that every result must carry (ignored elements, joints without muscles).
/// @param options its strength, if any, is that of the whole condition
/// @param strengths [muscles] what the changes multiply it by in the weakened one
void run_conditions(Analysis& analysis, const Model& model, const MuscleGroups& groups, const ChainInput& input,
                    const std::vector<ChainLoad>& loads, ChainOptions options,
                    const std::vector<StrengthChange>& changes, const std::vector<double>& strengths,
                    unsigned thread_count);

/// the frame at which the joint loads are largest: the one worth drawing
std::size_t find_busiest_frame(const Condition& condition, std::size_t frames);

/// for pictures: the external loads of one frame (or nullptr) followed by the forces of the contact groups, which
/// run_conditions() adds to the loads of the plans that it leaves behind
std::vector<double> find_drawn_loads(const Condition& condition, const double* loads, std::size_t frame);

/// for run.json: of each condition its title, trust, peak joint loads (BW), peak muscle forces by group (N), saturated
/// muscles and reserves
nlohmann::json make_condition_records(const Analysis& analysis);

/// writes the tables of all conditions (.sto) and report.html into the folder and ends the run (result_folder.h)
/// @param written what the run has written there already
/// @param record_text set to what run.json holds
bool write_analysis(const Analysis& analysis, const Model& model, const std::string& folder,
                    std::vector<std::string> written, nlohmann::json& record, std::string& record_text,
                    const std::string& picture_svg, Diagnostics& diagnostics);

}  // namespace buttress
