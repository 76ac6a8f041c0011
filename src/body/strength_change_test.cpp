// What a person may write after --strength, and whom it reaches. Expected values follow from the rule in the
// docstrings.
#include "body/strength_change.h"

#include <gtest/gtest.h>

#include <fstream>

#include "body/joint_titles.h"

namespace buttress {
namespace {

/// a table of groups in a file of its own
MuscleGroups read_groups(const std::string& rows, Diagnostics& diagnostics) {
  const std::string path = testing::TempDir() + "buttress_groups.csv";
  std::ofstream(path) << "group,pattern,side,parts_of_one_muscle,seen_in\n" << rows;
  return read_muscle_groups(path, diagnostics);
}

Model make_model(const std::vector<std::string>& muscles) {
  Model model;
  model.file = "body.osim";
  for (const std::string& name : muscles) {
    Muscle muscle;
    muscle.name = name;
    model.muscles.push_back(muscle);
  }
  return model;
}

TEST(Strength, reads_a_name_and_a_factor) {
  Diagnostics diagnostics;
  const auto half = parse_strength("gluteus_medius_r=0.5", diagnostics);
  ASSERT_TRUE(half);
  EXPECT_EQ(half->target, "gluteus_medius_r");
  EXPECT_EQ(half->factor, 0.5);
  for (const char* text : {"a=0", "a=10", "a=1e-3"}) EXPECT_TRUE(parse_strength(text, diagnostics)) << text;
  EXPECT_TRUE(diagnostics.items().empty());
  for (const char* text : {"", "=", "a", "a=", "=1", "a=-0.1", "a=10.1", "a=nan", "a=inf", "a=1 ", "a=0,5", "a=1=2"}) {
    Diagnostics bad;
    EXPECT_FALSE(parse_strength(text, bad)) << text;
    ASSERT_EQ(bad.items().size(), 1u);
    EXPECT_EQ(bad.items()[0].id, "STRENGTH-001");
  }
}

TEST(Strength, reaches_a_group_one_side_of_it_or_one_muscle_and_multiplies) {
  Diagnostics diagnostics;
  const MuscleGroups groups = read_groups("gluteus_medius,glmed[1-3],,yes,x\ngluteus_medius,LGMED,l,,x\n", diagnostics);
  const Model model = make_model({"glmed1_r", "glmed2_r", "glmed1_l", "LGMED", "soleus_r"});
  using Factors = std::vector<double>;
  EXPECT_EQ(make_strengths(model, groups, {{"gluteus_medius_r", 0.5}}, diagnostics), (Factors{0.5, 0.5, 1, 1, 1}));
  EXPECT_EQ(make_strengths(model, groups, {{"gluteus_medius_l", 0.5}}, diagnostics), (Factors{1, 1, 0.5, 0.5, 1}));
  EXPECT_EQ(make_strengths(model, groups, {{"gluteus_medius", 0.5}}, diagnostics), (Factors{0.5, 0.5, 0.5, 0.5, 1}));
  EXPECT_EQ(make_strengths(model, groups, {{"soleus_r", 0}}, diagnostics), (Factors{1, 1, 1, 1, 0}));
  EXPECT_EQ(make_strengths(model, groups, {{"gluteus_medius_r", 0.5}, {"glmed1_r", 0.5}}, diagnostics),
            (Factors{0.25, 0.5, 1, 1, 1}));
  EXPECT_TRUE(diagnostics.items().empty());

  EXPECT_EQ(make_strengths(model, groups, {{"gluteus", 0.5}}, diagnostics), (Factors{1, 1, 1, 1, 1}));
  ASSERT_EQ(diagnostics.items().size(), 1u);
  EXPECT_EQ(diagnostics.items()[0].id, "STRENGTH-002");
  EXPECT_EQ(diagnostics.items()[0].file, "body.osim");
  for (const char* name : {"gluteus_medius_l", "gluteus_medius_r"})
    EXPECT_NE(diagnostics.items()[0].advice.find(name), std::string::npos);
}

TEST(MuscleGroups, parts_of_one_muscle_and_side_share_one_whole_by_force) {
  Diagnostics diagnostics;
  const MuscleGroups groups = read_groups("gluteus_medius,glmed[1-3],,yes,x\nvasti,vas(lat|med),,,x\n", diagnostics);
  Model model = make_model({"glmed1_r", "glmed2_r", "glmed1_l", "vaslat_r", "vasmed_r", "soleus_r"});
  const double forces[] = {300, 100, 50, 700, 200, 900};
  for (std::size_t m = 0; m < model.muscles.size(); ++m) model.muscles[m].max_isometric_force = forces[m];
  EXPECT_EQ(calc_effort_weights(model, groups), (std::vector<double>{0.75, 0.25, 1, 1, 1, 1}));
}

TEST(MuscleGroups, bear_names_of_any_length) {
  Diagnostics diagnostics;
  const MuscleGroups groups = read_groups("a,b.+c,,,x\nd,(e|f)+,,,x\n", diagnostics);
  EXPECT_EQ(find_group(groups, "b" + std::string(100000, 'x') + "c_r")->key(), "a_r");
  EXPECT_EQ(find_group(groups, std::string(100000, 'e') + "_l")->key(), "d_l");
  EXPECT_FALSE(find_group(groups, std::string(100000, 'g')));
  EXPECT_TRUE(find_joint_title(std::string(100000, 'k')).title.empty());
}

TEST(MuscleGroups, names_rows_that_cannot_be_used) {
  Diagnostics diagnostics;
  const MuscleGroups groups =
      read_groups("a,b1,,,x\n# a remark\n\nno_pattern\nb,[1-,,,x\nc,d,q,,x\ne,f,r,,x\ng,h,,perhaps,x\n", diagnostics);
  EXPECT_EQ(groups.rules.size(), 2u);
  ASSERT_EQ(diagnostics.items().size(), 4u);
  const int lines[] = {5, 6, 7, 9};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(diagnostics.items()[i].id, "GROUP-001");
    EXPECT_EQ(diagnostics.items()[i].line, lines[i]);
  }
  // a whole name must fit, with its side mark off, unless the rule gives the side
  EXPECT_EQ(find_group(groups, "b1_l")->key(), "a_l");
  EXPECT_EQ(find_group(groups, "b1")->key(), "a");
  EXPECT_EQ(find_group(groups, "f")->key(), "e_r");
  EXPECT_FALSE(find_group(groups, "b12_l"));
  EXPECT_FALSE(find_group(groups, "f_l"));

  Diagnostics missing;
  EXPECT_TRUE(read_muscle_groups("/no/such/file.csv", missing).rules.empty());
  EXPECT_EQ(missing.items()[0].id, "GROUP-001");
}

}  // namespace
}  // namespace buttress
