// What a person's file may say and what it must not: expected values follow from data/norms/README.md.
#include "body/person_file.h"

#include <gtest/gtest.h>

#include <fstream>

namespace buttress {
namespace {

struct Answer {
  std::optional<Person> person;
  std::string ids;   ///< "PERSON-004! " with ! for errors
  std::string text;  ///< messages and advice
};

Answer read(const std::string& json) {
  const std::string path = testing::TempDir() + "buttress_person.json";
  std::ofstream(path) << json;
  Diagnostics diagnostics;
  Answer answer;
  answer.person =
      read_person(path, {{"thigh", "shank"}, {"hip_abduction", "knee_extension"}, {"trunk_extension"}}, diagnostics);
  for (const Diagnostic& d : diagnostics.items()) {
    answer.ids += d.id + (d.severity == Severity::error ? "! " : " ");
    answer.text += d.message + " " + d.advice + " ";
    EXPECT_EQ(d.file, path);
  }
  return answer;
}

/// a sound person with other or more fields
std::string make(const std::string& sex = "\"female\"", const std::string& age = "40",
                 const std::string& height = "\"height_m\": 1.65", const std::string& mass = "60",
                 const std::string& more = "") {
  return "{\"sex\": " + sex + ", \"age_years\": " + age + ", " + height + ", \"mass_kg\": " + mass + more + "}";
}
std::string add(const std::string& more) {
  return make("\"female\"", "40", "\"height_m\": 1.65", "60", ", " + more);
}

TEST(PersonFile, reads_a_person) {
  const Answer answer = read(add(
      "\"lengths\": {\"thigh_m\": 0.41, \"shank_cm\": 38}, \"strengths\": [{\"action\": \"hip_abduction\", \"side\": "
      "\"right\", \"force_N\": 200, \"lever_arm_m\": 0.4, \"sd_N\": 15}, {\"action\": \"trunk_extension\", "
      "\"torque_Nm\": 150}], \"remark\": \"after the operation\""));
  ASSERT_TRUE(answer.person) << answer.text;
  const Person& p = *answer.person;
  EXPECT_EQ(p.sex, Sex::female);
  EXPECT_EQ(p.norms, NormTable::women);
  EXPECT_EQ(p.age, 40);
  EXPECT_EQ(p.height, 1.65);
  EXPECT_EQ(p.mass, 60);
  ASSERT_EQ(p.lengths.size(), 2u);
  for (const MeasuredLength& l : p.lengths) EXPECT_NEAR(l.length, l.name == "thigh" ? 0.41 : 0.38, 1e-12);
  ASSERT_EQ(p.strengths.size(), 2u);
  EXPECT_EQ(p.strengths[0].side, 'r');
  EXPECT_NEAR(p.strengths[0].torque, 80, 1e-12);
  EXPECT_NEAR(p.strengths[0].sd, 6, 1e-12);
  EXPECT_EQ(p.strengths[1].side, 0);
  EXPECT_NEAR(p.strengths[1].sd, 15, 1e-12);
  EXPECT_EQ(read(make("\"male\"", "40", "\"height_cm\": 165")).person->height, 1.65);
}

TEST(PersonFile, takes_people_of_no_table_by_both) {
  EXPECT_EQ(read(make("\"other\"")).person->norms, NormTable::mean);
  EXPECT_EQ(read(make("\"other\", \"norms\": \"women\"")).person->norms, NormTable::women);
  EXPECT_EQ(read(make("\"female\", \"norms\": \"mean\"")).person->norms, NormTable::mean);
  EXPECT_EQ(read(make("\"male\", \"norms\": \"men\"")).person->norms, NormTable::men);
}

TEST(PersonFile, refuses_what_is_no_person) {
  const std::pair<std::string, std::string> cases[] = {
      {make("\"f\""), "PERSON-003! "},
      {make("\"female\", \"norms\": \"athletes\""), "PERSON-003! "},
      {make("1"), "PERSON-002! "},
      {make("\"male\"", "17"), "PERSON-004! "},
      {make("\"male\"", "-40"), "PERSON-004! "},
      {make("\"male\"", "1960"), "PERSON-004! "},
      {make("\"male\"", "\"40\""), "PERSON-002! "},
      {make("\"male\"", "40", "\"height_m\": 3"), "PERSON-005! "},
      {make("\"male\"", "40", "\"height_m\": -1.7"), "PERSON-005! "},
      {make("\"male\"", "40", "\"height_m\": 0"), "PERSON-005! "},
      {make("\"male\"", "40", "\"height_m\": 1.7, \"height_cm\": 170"), "PERSON-002! "},
      {make("\"male\"", "40", "\"height\": 1.7"), "PERSON-002! "},
      {make("\"male\"", "40", "\"height_m\": 1.7", "5"), "PERSON-006! "},
      {make("\"male\"", "40", "\"height_m\": 1.7", "-70"), "PERSON-006! "},
      {make("\"male\"", "40", "\"height_m\": 1.7", "700"), "PERSON-006! "},
      {make("\"male\"", "40", "\"height_m\": 1.7", "null"), "PERSON-002! "},
      {make("\"dog\"", "3", "\"height_m\": 3", "5"), "PERSON-003! PERSON-004! PERSON-005! PERSON-006! "},
      {"{}", "PERSON-002! "},
      {"[]", "PERSON-002! "},
      {"", "PERSON-001! "},
      {"{\"sex\": \"male\"", "PERSON-001! "},
      {"sex = male", "PERSON-001! "},
      {add("\"shoe_size\": 42"), "PERSON-002! "},
      {add("\"lengths\": {\"thigh\": 0.41}"), "PERSON-002! "},
      {add("\"lengths\": {\"nose_m\": 0.05}"), "PERSON-002! "},
      {add("\"lengths\": {\"thigh_m\": \"long\"}"), "PERSON-002! "},
      {add("\"lengths\": {\"thigh_m\": 0.41, \"thigh_cm\": 41}"), "PERSON-002! "},
      {add("\"lengths\": [0.41]"), "PERSON-002! "},
      {add("\"strengths\": {\"hip_abduction\": 80}"), "PERSON-002! "},
      {add("\"strengths\": [{\"action\": \"flying\", \"torque_Nm\": 80}]"), "PERSON-010! "},
      {add("\"strengths\": [{\"action\": \"hip_abduction\", \"torque_Nm\": 80}]"), "PERSON-010! "},
      {add("\"strengths\": [{\"action\": \"hip_abduction\", \"side\": \"up\", \"torque_Nm\": 80}]"), "PERSON-010! "},
      {add("\"strengths\": [{\"action\": \"trunk_extension\", \"side\": \"left\", \"torque_Nm\": 80}]"),
       "PERSON-010! "},
      {add("\"strengths\": [{\"action\": \"trunk_extension\", \"torque_Nm\": 0}]"), "PERSON-010! "},
      {add("\"strengths\": [{\"action\": \"trunk_extension\", \"torque_Nm\": -80}]"), "PERSON-010! "},
      {add("\"strengths\": [{\"action\": \"trunk_extension\", \"torque_Nm\": 80, \"sd_Nm\": -1}]"), "PERSON-010! "},
      {add("\"strengths\": [{\"action\": \"trunk_extension\", \"torque_Nm\": 80, \"force_N\": 1}]"), "PERSON-002! "},
      {add("\"strengths\": [{\"action\": \"trunk_extension\", \"force_N\": 80}]"), "PERSON-002! "},
      {add("\"strengths\": [{\"action\": \"trunk_extension\", \"force_N\": 80, \"lever_arm_m\": 40}]"), "PERSON-010! "},
      {add("\"strengths\": [{\"action\": \"trunk_extension\", \"force_N\": 80, \"lever_arm_m\": 0}]"),
       "PERSON-010! PERSON-010! "},
      {add("\"strengths\": [{\"action\": \"trunk_extension\", \"torque_Nm\": 80}, {\"action\": \"trunk_extension\", "
           "\"torque_Nm\": 90}]"),
       "PERSON-010! "},
  };
  for (const auto& [json, ids] : cases) {
    const Answer answer = read(json);
    EXPECT_FALSE(answer.person) << json;
    EXPECT_EQ(answer.ids, ids) << json << "\n" << answer.text;
  }
  Diagnostics diagnostics;
  EXPECT_FALSE(read_person("/no/such/person.json", {}, diagnostics));
  EXPECT_EQ(diagnostics.items()[0].id, "PERSON-001");
}

TEST(PersonFile, suspects_the_unit_of_a_height) {
  EXPECT_NE(read(make("\"male\"", "40", "\"height_m\": 175")).text.find("\"height_cm\": 175"), std::string::npos);
  EXPECT_NE(read(make("\"male\"", "40", "\"height_cm\": 1.75")).text.find("\"height_m\": 1.75"), std::string::npos);
}

TEST(PersonFile, warns_of_a_mass_that_does_not_go_with_the_height) {
  const Answer answer = read(make("\"male\"", "40", "\"height_m\": 1.9", "40"));
  EXPECT_TRUE(answer.person);
  EXPECT_EQ(answer.ids, "PERSON-006 ");
}

}  // namespace
}  // namespace buttress
