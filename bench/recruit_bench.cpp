// How fast solve_recruitment walks through a gait-like motion, warm, on one core: eight (AVX-512), four (AVX2) and one
// frame at a time. Each answer is checked against the double solver first. Prints microseconds per frame, Newton steps,
// and the share of the fused multiply-add rate that this core reaches in a bare loop of the same register width.
//   recruit_bench [frames per second of the motion, default 100]
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "recruit_bench_width.h"

namespace {

using buttress::RecruitmentPattern;

struct Body {
  RecruitmentPattern pattern;
  const char* name = "";
};

class ColumnList {
 public:
  void add(const std::vector<int>& rows) {
    rows_.insert(rows_.end(), rows.begin(), rows.end());
    start_.push_back(static_cast<int>(rows_.size()));
  }
  RecruitmentPattern make_pattern(int row_count) const {
    return buttress::make_recruitment_pattern(row_count, start_, rows_);
  }

 private:
  std::vector<int> start_{0};
  std::vector<int> rows_;
};

// forty muscles of a leg over hip (3 rows), knee, ankle, subtalar and toe rows, as gait models have them
void add_leg(ColumnList& columns, int first_row) {
  const auto add = [&](int count, std::vector<int> rows) {
    for (int& r : rows) r += first_row;
    for (int k = 0; k < count; ++k) columns.add(rows);
  };
  add(21, {0, 1, 2});    // gluteals, adductors, iliopsoas, rotators
  add(7, {0, 1, 2, 3});  // hamstrings, rectus femoris, sartorius, gracilis, tensor fasciae latae
  add(4, {3});           // vasti, short head
  add(2, {3, 4, 5});     // gastrocnemii
  add(4, {4, 5});        // soleus, tibialis, peronei
  add(2, {4, 5, 6});     // long toe muscles
}

// 80 columns, 27 rows: two legs of 10 rows each and 7 rows that reserves alone move
Body make_gait_body() {
  ColumnList columns;
  add_leg(columns, 0);
  add_leg(columns, 10);
  return {columns.make_pattern(27), "80 columns x 27 rows, two legs"};
}

// 290 columns, 36 rows: two legs and 210 trunk fascicles over 3 to 4 of 6 lumbar levels of 3 rows
Body make_trunk_body() {
  ColumnList columns;
  add_leg(columns, 0);
  add_leg(columns, 7);
  for (int k = 0; k < 210; ++k) {
    const int span = k % 5 == 0 ? 2 : 4;
    const int first = (k / 5) % (7 - span);
    std::vector<int> rows;
    for (int level = first; level < first + span; ++level) {
      for (int axis = 0; axis < 3; ++axis) rows.push_back(14 + 3 * level + axis);
    }
    columns.add(rows);
  }
  return {columns.make_pattern(36), "290 columns x 36 rows, trunk"};
}

}  // namespace

int main(int argc, char** argv) {
  const double rate = argc > 1 ? std::atof(argv[1]) : 100.0;
  bool is_right = true;
  for (const Body& body : {make_gait_body(), make_trunk_body()}) {
    std::printf("%s, %d entries, motion at %g Hz\n", body.name, body.pattern.entry_count(), rate);
    for (const int exponent : {2, 3}) {
      is_right = bench_one_lane(body.pattern, rate, exponent) && is_right;
#if defined(__x86_64__)
      if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        is_right = bench_four_lanes(body.pattern, rate, exponent) && is_right;
      }
      if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) {
        is_right = bench_eight_lanes(body.pattern, rate, exponent) && is_right;
      }
#endif
    }
  }
  return is_right ? 0 : 1;
}
