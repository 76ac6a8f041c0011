#pragma once
/// For the tests of this folder only: walks through frames with one width of lanes, each width in a translation unit of
/// its own that holds nothing the rest of the test program could be linked with.
#include "recruit/recruitment_problem.h"

namespace buttress::recruit_test {

/// One lane of one frame: what goes in, and where the answer goes.
struct LaneFrame {
  const double* matrix;
  const double* load;
  const double* lower;
  const double* upper;
  double* activation;  ///< [columns]
  double* multiplier;  ///< [rows]
  double residual;
  RecruitmentStatus status;
  int rescued_in_call = 0;  ///< lanes of its call that were rescued, itself or another
};

/// Solves frame after frame, warm. frames is [frame_count x lane_count], lane_count 4 or 8.
void walk_in_four_lanes(const RecruitmentPattern& pattern, const RecruitmentOptions& options, const double* weight,
                        const double* reserve_strength, int frame_count, LaneFrame* frames);
void walk_in_eight_lanes(const RecruitmentPattern& pattern, const RecruitmentOptions& options, const double* weight,
                         const double* reserve_strength, int frame_count, LaneFrame* frames);

template <class T>
void walk_in_lanes(const RecruitmentPattern& pattern, const RecruitmentOptions& options, const double* weight,
                   const double* reserve_strength, int frame_count, LaneFrame* frames) {
  constexpr std::size_t kLanes = lanes_of<T>;
  auto ws = make_recruitment_workspace<T>(pattern);
  std::vector<T> matrix(pattern.entry_count()), load(pattern.row_count);
  std::vector<T> lower(pattern.column_count), upper(pattern.column_count);
  const RecruitmentProblem<T> problem{matrix.data(), load.data(), lower.data(), upper.data(), weight, reserve_strength};
  for (int f = 0; f < frame_count; ++f, frames += kLanes) {
    for (std::size_t k = 0; k < kLanes; ++k) {
      for (int e = 0; e < pattern.entry_count(); ++e) set_lane(matrix[e], k, frames[k].matrix[e]);
      for (int j = 0; j < pattern.row_count; ++j) set_lane(load[j], k, frames[k].load[j]);
      for (int i = 0; i < pattern.column_count; ++i) {
        set_lane(lower[i], k, frames[k].lower[i]);
        set_lane(upper[i], k, frames[k].upper[i]);
      }
    }
    solve_recruitment(pattern, problem, options, ws);
    for (std::size_t k = 0; k < kLanes; ++k) {
      for (int i = 0; i < pattern.column_count; ++i) frames[k].activation[i] = get_lane(ws.activation[i], k);
      for (int j = 0; j < pattern.row_count; ++j) frames[k].multiplier[j] = get_lane(ws.multiplier[j], k);
      frames[k].residual = get_lane(ws.residual, k);
      frames[k].status = ws.status[k];
      frames[k].rescued_in_call = ws.rescued_lanes;
    }
  }
}

}  // namespace buttress::recruit_test
