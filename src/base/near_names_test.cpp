#include "base/near_names.h"

#include <gtest/gtest.h>

namespace buttress {
namespace {

// counted by hand
TEST(NearNames, misspellings_are_letters_added_left_out_exchanged_or_swapped) {
  EXPECT_EQ(count_misspellings("", ""), 0u);
  EXPECT_EQ(count_misspellings("hip", ""), 3u);
  EXPECT_EQ(count_misspellings("", "hip"), 3u);
  EXPECT_EQ(count_misspellings("hip_flexion_r", "hip_flexion_R"), 0u);
  EXPECT_EQ(count_misspellings("hip_flexon_r", "hip_flexion_r"), 1u);
  EXPECT_EQ(count_misspellings("hip_flexoin_r", "hip_flexion_r"), 1u);
  EXPECT_EQ(count_misspellings("knee", "knie"), 1u);
  EXPECT_EQ(count_misspellings("kitten", "sitting"), 3u);
}

TEST(NearNames, the_nearest_come_first_and_what_is_far_not_at_all) {
  const std::vector<std::string> names = {"hip_flexion_l", "hip_flexion_r", "knee_angle_r", "x"};
  EXPECT_EQ(find_near_names("hip_flexon_r", names), (std::vector<std::string>{"hip_flexion_r", "hip_flexion_l"}));
  EXPECT_EQ(find_near_names("hip_flexon_r", names, 1), std::vector<std::string>{"hip_flexion_r"});
  EXPECT_TRUE(find_near_names("ground_force_vx", names).empty());
  EXPECT_TRUE(find_near_names("y", names).empty());
  EXPECT_TRUE(find_near_names("", names).empty());
  EXPECT_TRUE(find_near_names(std::string(100000, 'a'), {std::string(100000, 'b')}).empty());
  EXPECT_EQ(find_near_names("knee_angel_r", {"knee_angle_r", "knee_angle_r"}),
            std::vector<std::string>{"knee_angle_r"});
}

TEST(NearNames, the_question_names_them) {
  EXPECT_EQ(ask_for_near_names("foo", {"gluteus_medius_r"}), "");
  EXPECT_EQ(ask_for_near_names("squad", {"squat"}), "Did you mean squat? ");
  EXPECT_EQ(ask_for_near_names("hip_flexon_r", {"hip_flexion_l", "hip_flexion_r"}),
            "Did you mean hip_flexion_r or hip_flexion_l? ");
}

}  // namespace
}  // namespace buttress
