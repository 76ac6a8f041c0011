#include "view/strength_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "body/data_folder.h"
#include "body/person_body.h"

namespace buttress {
namespace {

TEST(StrengthText, shows_every_torque_with_its_band_and_source) {
  const std::string data = find_data_folder();
  Diagnostics diagnostics;
  const auto body = load_person_body(data, "", diagnostics);
  ASSERT_TRUE(body);
  const BodyStrength strength = calc_body_strength(*body->model, body->person, body->tables, diagnostics).value();
  const auto record = make_strength_record(*body->model, strength);
  for (const auto& item : record["actions"].items()) {
    EXPECT_GT(item.value()["wanted_sd_Nm"].get<double>(), 0) << item.key();
    EXPECT_FALSE(item.value()["source"].get<std::string>().empty()) << item.key();
    EXPECT_FALSE(item.value()["sure"].get<std::string>().empty()) << item.key();
  }
  EXPECT_EQ(record["muscle_factors"].size(), body->model->muscles.size());
  const std::string lines = make_strength_lines(strength);
  // tables for machines keep the short words of data/norms; people are told what they mean
  for (const std::string& shown : {lines, describe_strength(strength, Person{})}) {
    EXPECT_EQ(shown.find("memory_"), std::string::npos) << shown;
    EXPECT_NE(shown.find("from memory, order of magnitude only"), std::string::npos) << shown;
  }
  for (const char* word : {"verified", "secondary", "memory_H", "memory_M", "memory_L", "derived"})
    EXPECT_NE(describe_sureness(word), word);
  // right and left agree: one line for both
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 10);
  EXPECT_NE(lines.find("hip abduction, each side"), std::string::npos);
  EXPECT_NE(lines.find("+-"), std::string::npos);
}

TEST(StrengthText, describes_a_person_in_a_few_words) {
  Person person;
  person.sex = Sex::female;
  person.age = 40, person.mass = 60, person.height = 1.65;
  EXPECT_EQ(describe_person(person), "woman, 40 years, 60 kg, 1.65 m");
}

}  // namespace
}  // namespace buttress
