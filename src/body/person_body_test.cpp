// The built-in body in other sizes. Judges: tools/make_body.py, which writes the same body from its tables by a program
// of its own; the sums and symmetries that any body has; distances looked up in the scaled model.
#include "body/person_body.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>

#include "base/skips_testing.h"
#include "body/data_folder.h"
#include "body/document_scaling.h"
#include "io/contact_reader.h"
#include "io/osim_reader.h"
#include "multibody/kinematics.h"

namespace buttress {
namespace {

std::string find_body_file() {
  return find_data_folder() + "/models/buttress_body.osim";
}

std::string print(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics.items()) text += format_diagnostic(d) + "\n";
  return text;
}

struct Scaled {
  ModelSpec spec;
  Model model;
  ScaleFactors factors;
  Diagnostics diagnostics;
};

Scaled scale(const Person& person) {
  Scaled scaled;
  Diagnostics& d = scaled.diagnostics;
  auto document = read_xml(find_body_file(), d);
  EXPECT_TRUE(document && scale_to_person(*document, person, find_data_folder(), scaled.factors, d)) << print(d);
  if (d.has_errors()) return scaled;
  scaled.spec = parse_osim(format_xml(*document), "scaled", d).value();
  scaled.model = compile_document(*document, d).value();
  return scaled;
}

Person make_person(Sex sex, double mass, double height) {
  Person person;
  person.sex = sex;
  person.norms = sex == Sex::male ? NormTable::men : sex == Sex::female ? NormTable::women : NormTable::mean;
  person.mass = mass, person.height = height;
  return person;
}

/// poses of all bodies at the same random angles
std::vector<Posed> find_poses(const Model& model, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> angle(-0.4, 0.8);
  std::vector<double> q;
  for (const Coordinate& c : model.coordinates)
    q.push_back(c.motion_type != MotionType::rotational ? 0 : angle(random));
  for (const Coupler& c : model.couplers)
    q[static_cast<std::size_t>(c.dependent)] = evaluate(c.function, q[static_cast<std::size_t>(c.independent)]).f;
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, q.data(), kin);
  return kin.X_WB;
}

void expect_near(const Vec3d& a, const Vec3d& b, double tolerance, const std::string& what) {
  EXPECT_NEAR(a.x, b.x, tolerance) << what;
  EXPECT_NEAR(a.y, b.y, tolerance) << what;
  EXPECT_NEAR(a.z, b.z, tolerance) << what;
}

/// everything that has a size, number by number
void expect_same_body(const ModelSpec& a, const ModelSpec& b) {
  constexpr double kLength = 1e-9;
  ASSERT_EQ(a.bodies.size(), b.bodies.size());
  for (std::size_t i = 0; i < a.bodies.size(); ++i) {
    const BodySpec &x = a.bodies[i], &y = b.bodies[i];
    ASSERT_EQ(x.name, y.name);
    EXPECT_NEAR(x.mass, y.mass, 1e-9 * (1 + y.mass)) << x.name;
    expect_near(x.p_BBcm_B, y.p_BBcm_B, kLength, x.name);
    for (const auto member : {&Inertia<double>::xx, &Inertia<double>::yy, &Inertia<double>::zz, &Inertia<double>::xy,
                              &Inertia<double>::xz, &Inertia<double>::yz})
      EXPECT_NEAR(x.I_BBcm_B.*member, y.I_BBcm_B.*member, 1e-9) << x.name;
  }
  ASSERT_EQ(a.joints.size(), b.joints.size());
  for (std::size_t i = 0; i < a.joints.size(); ++i) {
    expect_near(a.joints[i].parent.X_BF.p, b.joints[i].parent.X_BF.p, kLength, a.joints[i].name);
    expect_near(a.joints[i].child.X_BF.p, b.joints[i].child.X_BF.p, kLength, a.joints[i].name);
  }
  ASSERT_EQ(a.muscles.size(), b.muscles.size());
  for (std::size_t i = 0; i < a.muscles.size(); ++i) {
    const MuscleSpec &x = a.muscles[i], &y = b.muscles[i];
    ASSERT_EQ(x.name, y.name);
    EXPECT_NEAR(x.optimal_fiber_length, y.optimal_fiber_length, kLength) << x.name;
    EXPECT_NEAR(x.tendon_slack_length, y.tendon_slack_length, kLength) << x.name;
    EXPECT_NEAR(x.max_isometric_force / y.max_isometric_force, 1, 1e-9) << x.name;
    ASSERT_EQ(x.path.points.size(), y.path.points.size());
    for (std::size_t p = 0; p < x.path.points.size(); ++p)
      expect_near(x.path.points[p].p_F, y.path.points[p].p_F, kLength, x.name);
  }
  ASSERT_EQ(a.wrap_objects.size(), b.wrap_objects.size());
  for (std::size_t i = 0; i < a.wrap_objects.size(); ++i) {
    EXPECT_NEAR(a.wrap_objects[i].radius, b.wrap_objects[i].radius, kLength);
    EXPECT_NEAR(a.wrap_objects[i].length, b.wrap_objects[i].length, kLength);
    expect_near(a.wrap_objects[i].frame.X_BF.p, b.wrap_objects[i].frame.X_BF.p, kLength, a.wrap_objects[i].name);
  }
  ASSERT_EQ(a.markers.size(), b.markers.size());
  for (std::size_t i = 0; i < a.markers.size(); ++i)
    expect_near(a.markers[i].p_F, b.markers[i].p_F, kLength, a.markers[i].name);
}

TEST(PersonBody, of_the_default_person_is_the_built_in_body) {
  Diagnostics diagnostics;
  const auto original = read_osim(find_body_file(), diagnostics);
  ASSERT_TRUE(original);
  expect_same_body(scale(Person{}).spec, *original);
}

class PersonSizes : public testing::TestWithParam<std::tuple<Sex, double, double>> {};
INSTANTIATE_TEST_SUITE_P(People, PersonSizes,
                         testing::Values(std::tuple{Sex::female, 62.0, 1.63}, std::tuple{Sex::male, 110.0, 1.95},
                                         std::tuple{Sex::female, 48.5, 1.41}));

TEST_P(PersonSizes, is_the_body_that_make_body_writes) {
  const auto [sex, mass, height] = GetParam();
  const std::string out = testing::TempDir() + "buttress_person.osim";
  const std::string command = std::string("python3 \"") + BUTTRESS_SOURCE_DIR + "/tools/make_body.py\" --sex " +
                              (sex == Sex::male ? "male" : "female") + " --mass " + std::to_string(mass) +
                              " --height " + std::to_string(height) + " --out \"" + out + "\"";
  if (std::system("python3 -c pass") != 0) GTEST_SKIP() << kNoPython;
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
  Diagnostics diagnostics;
  const auto written = read_osim(out, diagnostics);
  ASSERT_TRUE(written) << print(diagnostics);
  const Scaled scaled = scale(make_person(sex, mass, height));
  expect_same_body(scaled.spec, *written);
  // functions of joints have sizes too: the same angles put every body in the same place
  const auto model = compile_document(*read_xml(out, diagnostics), diagnostics);
  ASSERT_TRUE(model);
  for (unsigned seed = 0; seed < 5; ++seed) {
    const std::vector<Posed> a = find_poses(scaled.model, seed), b = find_poses(*model, seed);
    for (std::size_t i = 0; i < a.size(); ++i) expect_near(a[i].p, b[i].p, 2e-9, model->bodies[i].name);
  }
}

TEST(PersonBody, weighs_what_the_person_weighs) {
  for (const Sex sex : {Sex::male, Sex::female, Sex::other})
    for (const double mass : {40.0, 75.0, 123.4}) {
      double sum = 0;
      for (const BodySpec& b : scale(make_person(sex, mass, 1.7)).spec.bodies) sum += b.mass;
      EXPECT_NEAR(sum, mass, 1e-9);
    }
}

TEST(PersonBody, has_the_shares_of_mass_of_the_persons_sex) {
  const auto thigh = [](Sex sex) {
    const Scaled s = scale(make_person(sex, 70, 1.7));
    return s.model.bodies[static_cast<std::size_t>(s.model.find_body("femur_r"))].mass;
  };
  // de Leva 1996: thigh 14.16 % of men, 14.78 % of women
  const double men = thigh(Sex::male), women = thigh(Sex::female), mean = thigh(Sex::other);
  EXPECT_GT(women, men);
  EXPECT_GT(mean, men);
  EXPECT_LT(mean, women);
}

TEST(PersonBody, is_its_own_mirror_image) {
  Person person = make_person(Sex::female, 58, 1.66);
  person.lengths = {{"thigh", 0.41}, {"pelvis_width", 0.27}, {"forearm", 0.25}};
  const Scaled s = scale(person);
  std::map<std::string, const MuscleSpec*> muscles;
  for (const MuscleSpec& m : s.spec.muscles) muscles[m.name] = &m;
  int pairs = 0;
  for (const auto& [name, right] : muscles) {
    if (name.size() < 3 || name.compare(name.size() - 2, 2, "_r") != 0) continue;
    const MuscleSpec* left = muscles.at(name.substr(0, name.size() - 1) + "l");
    ++pairs;
    EXPECT_NEAR(right->optimal_fiber_length, left->optimal_fiber_length, 1e-9) << name;
    EXPECT_NEAR(right->tendon_slack_length, left->tendon_slack_length, 1e-9) << name;
    EXPECT_NEAR(right->max_isometric_force, left->max_isometric_force, 1e-9) << name;
    for (std::size_t p = 0; p < right->path.points.size(); ++p) {
      Vec3d mirrored = left->path.points[p].p_F;
      mirrored.z = -mirrored.z;
      expect_near(right->path.points[p].p_F, mirrored, 1e-9, name);
    }
  }
  EXPECT_EQ(pairs, 149);
}

double find_distance(const Model& model, const char* a, const char* b) {
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, find_default_pose(model).data(), kin);
  const auto place = [&](const char* joint) {
    const std::size_t j = static_cast<std::size_t>(model.find_joint(joint));
    return kin.X_WB[j + 1] * model.joints[j].X_BM.p;
  };
  return norm(place(a) - place(b));
}

TEST(PersonBody, grows_with_height_in_every_length_and_with_mass_in_every_force) {
  double thigh = 0, fibre = 0, force = 0;
  for (double height = 1.45; height < 2.0; height += 0.1) {
    const Scaled s = scale(make_person(Sex::male, 75, height));
    const double now = find_distance(s.model, "hip_r", "walker_knee_r");
    EXPECT_GT(now, thigh);
    EXPECT_GT(s.spec.muscles[0].optimal_fiber_length, fibre);
    thigh = now, fibre = s.spec.muscles[0].optimal_fiber_length;
  }
  for (double mass = 45; mass < 120; mass += 15) {
    const double now = scale(make_person(Sex::male, mass, 1.75)).spec.muscles[0].max_isometric_force;
    EXPECT_GT(now, force);
    force = now;
  }
}

TEST(PersonBody, has_the_lengths_that_were_measured_and_leaves_the_others_to_the_height) {
  const Scaled plain = scale(make_person(Sex::male, 75, 1.8));
  Person person = make_person(Sex::male, 75, 1.8);
  person.lengths = {{"thigh", 0.405}, {"shank", 0.43}, {"forearm", 0.27}};
  const Scaled s = scale(person);
  for (const char side : {'r', 'l'}) {
    const auto name = [&](const char* joint) { return std::string(joint) + side; };
    EXPECT_NEAR(find_distance(s.model, name("hip_").c_str(), name("walker_knee_").c_str()), 0.405, 1e-9);
    EXPECT_NEAR(find_distance(s.model, name("walker_knee_").c_str(), name("ankle_").c_str()), 0.43, 1e-9);
    EXPECT_NEAR(find_distance(s.model, name("elbow_").c_str(), name("radius_hand_").c_str()), 0.27, 1e-3);
  }
  EXPECT_NEAR(find_distance(s.model, "hip_r", "hip_l"), find_distance(plain.model, "hip_r", "hip_l"), 1e-12);
  EXPECT_NEAR(find_distance(s.model, "acromial_r", "elbow_r"), find_distance(plain.model, "acromial_r", "elbow_r"),
              1e-12);
  // fibres go with their muscles
  const auto fibre = [](const Scaled& body, const char* name) {
    for (const MuscleSpec& m : body.spec.muscles)
      if (m.name == name) return m.optimal_fiber_length;
    return 0.0;
  };
  EXPECT_LT(fibre(s, "vasint_r"), fibre(plain, "vasint_r"));
  EXPECT_NEAR(fibre(s, "glmed2_r") / fibre(plain, "glmed2_r"), 1, 0.02);
}

TEST(PersonBody, tells_lengths_that_nobody_of_that_height_has) {
  const auto ids = [](const std::vector<MeasuredLength>& lengths) {
    Person person;
    person.file = "person.json";
    person.lengths = lengths;
    Diagnostics diagnostics;
    ScaleFactors factors;
    auto document = read_xml(find_body_file(), diagnostics);
    const bool good = scale_to_person(*document, person, find_data_folder(), factors, diagnostics);
    EXPECT_EQ(good, !diagnostics.has_errors());
    std::string text;
    for (const Diagnostic& d : diagnostics.items()) text += d.id + (d.severity == Severity::error ? "! " : " ");
    return text;
  };
  EXPECT_EQ(ids({{"thigh", 0.41}}), "");
  EXPECT_EQ(ids({{"thigh", 0.36}}), "PERSON-007 PERSON-014 ");
  EXPECT_EQ(ids({{"thigh", 1.9}}), "PERSON-007! ");
  EXPECT_EQ(ids({{"thigh", 41}}), "PERSON-007! ");
  EXPECT_EQ(ids({{"thigh", -0.41}, {"shank", 0}}), "PERSON-007! PERSON-007! ");
  EXPECT_EQ(ids({{"thigh", 0.34}, {"shank", 0.34}, {"trunk", 0.39}}), "PERSON-007 PERSON-007 PERSON-007 PERSON-014! ");
}

TEST(PersonBody, carries_contact_points_with_its_bones) {
  Diagnostics diagnostics;
  const Scaled s = scale(make_person(Sex::female, 60, 1.4));
  auto contacts = read_contacts(find_data_folder() + "/models/buttress_contacts.csv", s.model, 0, diagnostics);
  ASSERT_TRUE(contacts);
  const ContactSet before = *contacts;
  scale_contacts(s.factors, s.model, *contacts);
  for (std::size_t i = 0; i < before.points.size(); ++i)
    expect_near(contacts->points[i].p_B, (1.4 / 1.75) * before.points[i].p_B, 1e-12, before.points[i].name);
}

}  // namespace
}  // namespace buttress
