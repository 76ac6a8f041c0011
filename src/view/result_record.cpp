#include "view/result_record.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace buttress {

nlohmann::json make_condition_records(const RunResult& result, const Words& words) {
  nlohmann::json records = nlohmann::json::array();
  for (const Condition& c : result.conditions) {
    nlohmann::json entry = {{"title", c.title},
                            {"frames", result.time.size()},
                            {"unsolved_frames", c.trust.unsolved_frames},
                            {"peak_residual_force_N", c.trust.peak_residual_force},
                            {"peak_residual_moment_Nm", c.trust.peak_residual_moment},
                            {"sound", c.trust.sound},
                            {"warnings", nlohmann::json::array()}};
    for (const Note& warning : c.trust.warnings) entry["warnings"].push_back(say(words, warning));
    for (const StrengthChange& change : c.changes) entry["strength"][change.target] = change.factor;
    for (const Series& s : c.joint_loads) entry["peak_joint_loads_BW"][s.name] = s.peak();
    const std::size_t contacts = result.contact_groups.size();
    for (std::size_t g = 0; g < contacts; ++g) {
      double peak = 0;
      for (std::size_t f = 0; f < result.time.size(); ++f)
        peak = std::max(peak, c.output.contact[(f * contacts + g) * 9 + 1]);
      entry["peak_vertical_ground_force_N"][result.contact_groups[g]] = peak;
    }
    for (const Series& s : c.group_activations) entry["peak_group_activations"][s.name] = s.peak();
    for (const Series& s : c.group_forces) entry["peak_group_forces_N"][s.name] = s.peak();
    for (const ReserveUse& use : c.trust.reserves) entry["peak_reserves_Nm"][use.coordinate] = use.peak;
    for (const SaturatedMuscle& m : c.saturated) entry["saturated_share_of_frames"][m.name] = m.share_of_frames;
    records.push_back(std::move(entry));
  }
  return records;
}

}  // namespace buttress
