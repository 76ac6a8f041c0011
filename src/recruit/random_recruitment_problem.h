#pragma once
/// For the tests of this folder only: seeded recruitment problems with every awkward feature the solver promises to
/// bear.
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "recruit/recruitment_problem.h"

namespace buttress::recruit_test {

/// One problem that owns its data, with what was done to it.
struct OwnedProblem {
  int rows = 0, columns = 0;
  std::vector<int> column_start{0}, row_index;
  std::vector<double> matrix, load, lower, upper, weight, reserve_strength;
  std::string features;

  RecruitmentPattern make_pattern() const { return make_recruitment_pattern(rows, column_start, row_index); }
  RecruitmentProblem<double> view() const {
    return {matrix.data(), load.data(), lower.data(), upper.data(), weight.data(), reserve_strength.data()};
  }
};

/// Rows 2..40, columns 3..300; each feature below appears in a good part of the seeds.
inline OwnedProblem make_random_problem(unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  const auto chance = [&](double p) { return unit(random) < p; };
  const auto between = [&](double a, double b) { return a + (b - a) * unit(random); };
  const auto whole = [&](int a, int b) { return a + static_cast<int>(random() % static_cast<unsigned>(b - a + 1)); };
  const double infinity = std::numeric_limits<double>::infinity();

  OwnedProblem p;
  const auto note = [&](const char* text) { p.features += std::string(p.features.empty() ? "" : ", ") + text; };
  const bool is_small = chance(0.5);
  p.rows = is_small ? whole(2, 10) : whole(2, 40);
  p.columns = is_small ? whole(3, 40) : whole(3, 300);
  const double strength = std::pow(10.0, between(0.0, 2.0));

  // a dense matrix first, so that rows can be copied; stored sparse below
  std::vector<std::vector<double>> dense(p.columns, std::vector<double>(p.rows, 0.0));
  const bool spans_neighbours = chance(0.5);
  for (auto& column : dense) {
    const int span = std::min(whole(1, 12), p.rows);
    const int first = whole(0, p.rows - 1);
    for (int k = 0; k < span; ++k) {
      const int row = spans_neighbours ? std::min(first + k, p.rows - 1) : whole(0, p.rows - 1);
      column[row] = strength * between(-1.0, 1.0);
    }
  }
  if (chance(0.15)) {
    note("zero columns");
    for (auto& column : dense) {
      if (chance(0.2)) std::fill(column.begin(), column.end(), 0.0);
    }
  }

  // demand: what random activations give, sometimes far beyond what full ones can
  const double demand = chance(0.3) ? between(3.0, 30.0) : 1.0;
  if (demand > 1.0) note("demand beyond strength");
  p.load.assign(p.rows, 0.0);
  for (const auto& column : dense) {
    const double a = std::max(0.0, between(-0.6, 1.0)) * demand;
    for (int j = 0; j < p.rows; ++j) p.load[j] += a * column[j];
  }

  if (chance(0.3)) {
    note("weak");
    const bool all = chance(0.3);
    const double scale = std::pow(10.0, between(-2.0, 0.0));
    for (auto& column : dense) {
      if (all || chance(0.3)) {
        for (double& x : column) x *= scale;
      }
    }
  }

  // reserves, then bounds
  const double reserve = chance(0.5) ? 1.0 : std::pow(10.0, between(-3.0, 3.0));
  if (reserve != 1.0) note(("reserve " + std::to_string(reserve)).c_str());
  for (int j = 0; j < p.rows; ++j) p.reserve_strength.push_back(chance(0.2) ? reserve * between(0.5, 2.0) : reserve);
  p.lower.assign(p.columns, 0.0);
  p.upper.assign(p.columns, 1.0);
  p.weight.assign(p.columns, 1.0);
  if (chance(0.3)) {
    note("weights");
    for (double& w : p.weight) w = std::pow(10.0, between(-1.0, 1.0));
  }
  if (chance(0.3)) {
    note("lower bounds above 0");
    for (double& l : p.lower) l = 0.01;
  }
  if (chance(0.2)) {
    note("lower equals upper");
    for (int i = 0; i < p.columns; ++i) {
      if (chance(0.15)) p.lower[i] = p.upper[i] = chance(0.5) ? 0.0 : between(0.0, 1.0);
    }
  }
  if (chance(0.2)) {
    note("two-sided bounds");
    for (int i = 0; i < p.columns; ++i) {
      if (chance(0.2) && p.lower[i] < p.upper[i]) p.lower[i] = -1.0;
    }
  }

  // rows that say the same thing twice: consistently, or with reserves that must settle the difference
  if (p.rows >= 4 && chance(0.25)) {
    note("redundant rows");
    const int copies = whole(1, p.rows / 3);
    for (int k = 0; k < copies; ++k) {
      const int from = whole(0, p.rows - 1);
      const int to = whole(0, p.rows - 1);
      const double factor = between(0.5, 2.0);
      if (from == to) continue;
      for (auto& column : dense) column[to] = factor * column[from];
      p.load[to] = factor * p.load[from] + (reserve >= 0.1 && chance(0.5) ? between(-1.0, 1.0) : 0.0);
    }
  }
  if (chance(0.2)) {
    note("badly scaled");
    // other units in some rows, other sizes in some columns
    for (int j = 0; j < p.rows; ++j) {
      if (!chance(0.3)) continue;
      const double scale = std::pow(10.0, between(-2.0, 2.0));
      for (auto& column : dense) column[j] *= scale;
      p.load[j] *= scale;
      p.reserve_strength[j] *= scale;
    }
    for (auto& column : dense) {
      const double scale = chance(0.3) ? std::pow(10.0, between(-2.0, 2.0)) : 1.0;
      for (double& x : column) x *= scale;
    }
  }
  // actuators without bounds, one row each; rows so covered may do without a reserve
  if (p.columns > p.rows + 3 && chance(0.3)) {
    note("unbounded columns");
    const bool replace_reserves = chance(0.5);
    for (int j = 0; j < p.rows; ++j) {
      if (!chance(0.4)) continue;
      const int i = p.columns - 1 - j;
      std::fill(dense[i].begin(), dense[i].end(), 0.0);
      dense[i][j] = p.reserve_strength[j] * between(0.5, 2.0);
      p.lower[i] = -infinity;
      p.upper[i] = infinity;
      if (replace_reserves) p.reserve_strength[j] = 0.0;
    }
    if (replace_reserves) note("rows without reserve");
  }

  for (const auto& column : dense) {
    for (int j = 0; j < p.rows; ++j) {
      if (column[j] == 0.0) continue;
      p.row_index.push_back(j);
      p.matrix.push_back(column[j]);
    }
    p.column_start.push_back(static_cast<int>(p.row_index.size()));
  }
  return p;
}

}  // namespace buttress::recruit_test
