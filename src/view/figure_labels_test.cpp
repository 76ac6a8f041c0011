#include "view/figure_labels.h"

#include <gtest/gtest.h>

#include <cmath>

namespace buttress {
namespace {

TEST(FigureLabels, stay_inside_their_panel) {
  std::vector<FigureLabel> placed;
  EXPECT_EQ(place_label(50, 20, true, 5, 10, 40, 200, placed).left, 40);
  EXPECT_EQ(place_label(190, 80, false, 5, 10, 40, 200, placed).right, 200);
  EXPECT_EQ(place_label(100, 120, false, 5, 10, 40, 200, placed).left, 100);
  EXPECT_EQ(place_label(100, 160, true, 5, 10, 40, 200, placed).right, 100);
}

TEST(FigureLabels, never_lie_over_each_other) {
  std::vector<FigureLabel> placed;
  for (int i = 0; i < 12; ++i) place_label(100 + 3 * (i % 4), 50, i % 2 == 0, 6, 11, 0, 220, placed);
  ASSERT_EQ(placed.size(), 12u);
  EXPECT_EQ(placed[0].baseline, 50);
  for (std::size_t i = 0; i < placed.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_TRUE(placed[i].right <= placed[j].left || placed[j].right <= placed[i].left ||
                  std::abs(placed[i].baseline - placed[j].baseline) >= 11)
          << i << " over " << j;
}

}  // namespace
}  // namespace buttress
