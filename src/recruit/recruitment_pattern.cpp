#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string>

#include "base/assert.h"
#include "recruit/recruitment_problem.h"

namespace buttress {
namespace {

constexpr int kBlockSize = 4;  // 16 sums and 8 operands fit the 32 registers of AVX-512

void check_compressed_columns(int row_count, const std::vector<int>& column_start, const std::vector<int>& row_index) {
  if (row_count < 0) throw std::invalid_argument("make_recruitment_pattern: negative row count");
  if (column_start.empty() || column_start.front() != 0 || column_start.back() != static_cast<int>(row_index.size())) {
    throw std::invalid_argument(
        "make_recruitment_pattern: column_start must begin with 0 and end with the entry count");
  }
  for (std::size_t c = 0; c + 1 < column_start.size(); ++c) {
    if (column_start[c] > column_start[c + 1] || column_start[c + 1] > column_start.back()) {
      throw std::invalid_argument("make_recruitment_pattern: column_start decreases at column " + std::to_string(c));
    }
    for (int e = column_start[c]; e < column_start[c + 1]; ++e) {
      const bool ascending = e == column_start[c] || row_index[e - 1] < row_index[e];
      if (row_index[e] < 0 || row_index[e] >= row_count || !ascending) {
        throw std::invalid_argument("make_recruitment_pattern: rows of column " + std::to_string(c) +
                                    " must ascend within 0.." + std::to_string(row_count - 1));
      }
    }
  }
}

// columns with equal row sets side by side, in order of first appearance
void find_groups(RecruitmentPattern& p) {
  std::map<std::vector<int>, int> group_of;
  std::vector<std::vector<int>> columns;
  std::vector<std::vector<int>> rows;
  for (int c = 0; c < p.column_count; ++c) {
    std::vector<int> r(p.row_index.begin() + p.column_start[c], p.row_index.begin() + p.column_start[c + 1]);
    const auto [place, is_new] = group_of.emplace(r, static_cast<int>(columns.size()));
    if (is_new) {
      columns.emplace_back();
      rows.push_back(std::move(r));
    }
    columns[place->second].push_back(c);
  }
  for (std::size_t g = 0; g < columns.size(); ++g) {
    RecruitmentGroup group;
    group.row_begin = static_cast<int>(p.group_row.size());
    group.row_count = static_cast<int>(rows[g].size());
    group.column_begin = static_cast<int>(p.group_column.size());
    group.column_count = static_cast<int>(columns[g].size());
    p.group_row.insert(p.group_row.end(), rows[g].begin(), rows[g].end());
    p.group_column.insert(p.group_column.end(), columns[g].begin(), columns[g].end());
    p.group.push_back(group);
  }
}

// minimum degree with explicit fill; returns, for each step, the rows that remain coupled to the eliminated one
std::vector<std::set<int>> eliminate_by_minimum_degree(RecruitmentPattern& p) {
  std::vector<std::set<int>> neighbour(p.row_count);
  for (const RecruitmentGroup& g : p.group) {
    const auto first = p.group_row.begin() + g.row_begin;
    for (auto i = first; i != first + g.row_count; ++i) {
      for (auto j = first; j != first + g.row_count; ++j) {
        if (*i != *j) neighbour[*i].insert(*j);
      }
    }
  }
  std::vector<std::set<int>> structure;
  std::vector<bool> is_done(p.row_count, false);
  for (int k = 0; k < p.row_count; ++k) {
    int best = -1;
    for (int i = 0; i < p.row_count; ++i) {
      if (!is_done[i] && (best < 0 || neighbour[i].size() < neighbour[best].size())) best = i;
    }
    is_done[best] = true;
    p.elimination_row.push_back(best);
    structure.push_back(neighbour[best]);
    // eliminating a row couples all rows it was coupled to
    for (const int i : neighbour[best]) {
      neighbour[i].erase(best);
      for (const int j : neighbour[best]) {
        if (i != j) neighbour[i].insert(j);
      }
    }
  }
  return structure;
}

// position of entry (i, j), both in elimination order, among the factor's values
int find_position(const RecruitmentPattern& p, int i, int j) {
  if (i == j) return i;
  const int column = std::min(i, j);
  const int row = std::max(i, j);
  const auto first = p.factor_row.begin() + p.factor_start[column];
  const auto last = p.factor_row.begin() + p.factor_start[column + 1];
  const auto place = std::lower_bound(first, last, row);
  BUTTRESS_ASSERT(place != last && *place == row);
  return p.row_count + static_cast<int>(place - p.factor_row.begin());
}

void plan_factorisation(RecruitmentPattern& p, std::vector<int>& order_of_row) {
  const std::vector<std::set<int>> structure = eliminate_by_minimum_degree(p);
  order_of_row.assign(p.row_count, 0);
  for (int k = 0; k < p.row_count; ++k) order_of_row[p.elimination_row[k]] = k;
  p.factor_start.push_back(0);
  for (int k = 0; k < p.row_count; ++k) {
    for (const int i : structure[k]) p.factor_row.push_back(order_of_row[i]);
    std::sort(p.factor_row.begin() + p.factor_start[k], p.factor_row.end());
    p.factor_start.push_back(static_cast<int>(p.factor_row.size()));
  }
  // step k subtracts l_i l_j from every pair of rows below its pivot
  for (int k = 0; k < p.row_count; ++k) {
    for (int i = p.factor_start[k]; i < p.factor_start[k + 1]; ++i) {
      for (int j = i; j < p.factor_start[k + 1]; ++j) {
        p.update_position.push_back(find_position(p, p.factor_row[i], p.factor_row[j]));
      }
    }
  }
}

void plan_assembly(RecruitmentPattern& p, const std::vector<int>& order_of_row) {
  for (RecruitmentGroup& g : p.group) {
    // rows of the group in pieces of equal size, at most kBlockSize
    const int pieces = (g.row_count + kBlockSize - 1) / kBlockSize;
    std::vector<int> edge;
    for (int i = 0; i <= pieces; ++i) edge.push_back(pieces == 0 ? 0 : g.row_count * i / pieces);
    g.block_begin = static_cast<int>(p.block.size());
    for (int i = 0; i < pieces; ++i) {
      for (int j = 0; j <= i; ++j) {
        AssemblyBlock b{edge[i], edge[i + 1] - edge[i], edge[j], edge[j + 1] - edge[j], 0};
        b.position_begin = static_cast<int>(p.block_position.size());
        for (int r = 0; r < b.row_count; ++r) {
          for (int c = 0; c < b.column_count; ++c) {
            const int row = order_of_row[p.group_row[g.row_begin + b.first_row + r]];
            const int column = order_of_row[p.group_row[g.row_begin + b.first_column + c]];
            p.block_position.push_back(find_position(p, row, column));
          }
        }
        p.block.push_back(b);
      }
    }
    g.block_count = static_cast<int>(p.block.size()) - g.block_begin;
  }
}

}  // namespace

RecruitmentPattern make_recruitment_pattern(int row_count, const std::vector<int>& column_start,
                                            const std::vector<int>& row_index) {
  check_compressed_columns(row_count, column_start, row_index);
  RecruitmentPattern p;
  p.row_count = row_count;
  p.column_count = static_cast<int>(column_start.size()) - 1;
  p.column_start = column_start;
  p.row_index = row_index;
  find_groups(p);
  std::vector<int> order_of_row;
  plan_factorisation(p, order_of_row);
  plan_assembly(p, order_of_row);
  return p;
}

}  // namespace buttress
