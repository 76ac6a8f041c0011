#include "view/stick_figure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <pugixml.hpp>

#include "body/data_folder.h"
#include "body/model_loading.h"
#include "io/contact_reader.h"
#include "movement/movement_solver.h"
#include "view/report.h"
#include "view/stick_figure_bones.h"

// The built-in body stands on its right leg. What the pictures must show follows from anatomy and statics alone: seen
// from the front the standing right foot is on the viewer's left of the lifted one and under the force, and the nose
// points forward. That the figure looks like a person takes eyes.
namespace buttress {
namespace {

struct Corners {
  double least_x = 1e9, most_x = -1e9, least_y = 1e9, most_y = -1e9;
  std::size_t count = 0;
  double middle_x() const { return 0.5 * (least_x + most_x); }
};

Corners find_corners(const std::string& points) {
  Corners c;
  const char* at = points.c_str();
  while (*at) {
    char* end = nullptr;
    const double x = std::strtod(at, &end), y = std::strtod(end + 1, &end);
    c.least_x = std::min(c.least_x, x), c.most_x = std::max(c.most_x, x);
    c.least_y = std::min(c.least_y, y), c.most_y = std::max(c.most_y, y);
    ++c.count;
    at = *end ? end + 1 : end;
  }
  return c;
}

/// outlines with that many corners, in the order they are drawn: front, then right
std::vector<Corners> find_outlines(const pugi::xml_document& picture, std::size_t count) {
  std::vector<Corners> found;
  for (const auto& node : picture.select_nodes("//polygon")) {
    const Corners c = find_corners(node.node().attribute("points").value());
    if (c.count == count) found.push_back(c);
  }
  return found;
}

class StandingFigure : public ::testing::Test {
 protected:
  void SetUp() override {
    Diagnostics diagnostics;
    ModelRequest request;
    request.file = find_data_folder() + "/models/buttress_body.osim";
    auto loaded = load_model(request, diagnostics);
    ASSERT_TRUE(loaded);
    model = std::move(*loaded);
    const auto movement = read_movement(find_data_folder() + "/movements/single_leg_stance.json", diagnostics);
    const auto contacts = read_contacts(find_data_folder() + "/models/buttress_contacts.csv", model, 0, diagnostics);
    ASSERT_TRUE(movement && contacts);
    const auto stance = solve_movement(model, *movement, *contacts, diagnostics);
    ASSERT_TRUE(stance);
    q = stance->motion.q;
    for (std::size_t m = 0; m < model.muscles.size(); ++m) columns.push_back(static_cast<int>(m));
    // the floor carries the body weight under the foot
    forces = {0, model.total_mass * 9.80665, 0, 0, 0, 0, 0, 0, 0};
    activation.assign(columns.size(), 0.3);
  }
  std::string draw(const std::vector<double>& at, const std::vector<double>& outside) const {
    return make_stick_figure_svg({&model, at.data(), columns, outside, nullptr}, {{"", activation.data()}},
                                 "a <b> & c");
  }
  pugi::xml_document parse(const std::string& svg) const {
    pugi::xml_document picture;
    EXPECT_TRUE(picture.load_string(svg.c_str()));
    return picture;
  }
  Model model;
  std::vector<double> q, forces, activation;
  std::vector<int> columns;
};

TEST_F(StandingFigure, stands_alone_with_title_description_and_its_own_background) {
  const auto picture = parse(draw(q, forces));
  const pugi::xml_node svg = picture.child("svg");
  EXPECT_STREQ(svg.attribute("xmlns").value(), "http://www.w3.org/2000/svg");
  EXPECT_STREQ(svg.child_value("title"), "a <b> & c");
  EXPECT_FALSE(std::string(svg.child_value("desc")).empty());
  EXPECT_STREQ(svg.child("rect").attribute("fill").value(), "#fff");
  EXPECT_FALSE(picture.select_node("//script|//style|//image|//@href"));
}

TEST_F(StandingFigure, shows_the_right_leg_on_the_viewers_left_and_the_nose_forward) {
  const auto picture = parse(draw(q, forces));
  // 7 corners: a foot; of the two from the front the lower one carries the force and is the right one
  std::vector<Corners> feet = find_outlines(picture, 7);
  ASSERT_EQ(feet.size(), 4u);
  feet.resize(2);
  std::sort(feet.begin(), feet.end(), [](const Corners& a, const Corners& b) { return a.least_y > b.least_y; });
  EXPECT_GT(feet[0].least_y, feet[1].least_y + 20) << "the left ankle is lifted";
  EXPECT_LT(feet[0].middle_x(), feet[1].middle_x());
  const double force_x = picture.select_node("//line[@stroke='#04653c']").node().attribute("x1").as_double();
  // the force stands at the right foot, not at the left
  EXPECT_LT(std::abs(force_x - feet[0].middle_x()), std::abs(force_x - feet[1].middle_x()));
  // 20 corners: the pelvis from the front
  const auto pelvis = find_outlines(picture, 20);
  ASSERT_EQ(pelvis.size(), 1u);
  // 36 corners: the head, and from the side the toes of the standing foot, which point to the viewer's right
  const auto head = find_outlines(picture, 36);
  ASSERT_EQ(head.size(), 2u);
  std::vector<Corners> sides = find_outlines(picture, 7);
  const Corners& standing = sides[2].least_y > sides[3].least_y ? sides[2] : sides[3];
  EXPECT_GT(standing.most_x - head[1].middle_x(), head[1].middle_x() - standing.least_x);
  const double r = picture.select_node("//text[.='R']").node().attribute("x").as_double(),
               l = picture.select_node("//text[.='L']").node().attribute("x").as_double();
  EXPECT_LT(r, l);
  // the head is above the pelvis, and all of it on the paper
  EXPECT_LT(head[0].most_y, pelvis[0].least_y);
  EXPECT_GT(head[0].least_y, 0);
}

// a laboratory may walk along another axis or backwards along x; both pictures must stay as they are
TEST_F(StandingFigure, does_not_depend_on_the_way_the_body_faces) {
  const auto before = find_outlines(parse(draw(q, forces)), 36);
  const int turn = model.find_coordinate("pelvis_rotation");
  ASSERT_GE(turn, 0);
  for (const double angle : {1.5707963267948966, 3.141592653589793, -1.5707963267948966}) {
    std::vector<double> turned = q;
    turned[static_cast<std::size_t>(turn)] += angle;
    const auto after = find_outlines(parse(draw(turned, {})), 36);
    const auto expected = find_outlines(parse(draw(q, {})), 36);
    ASSERT_EQ(after.size(), 2u);
    for (std::size_t v = 0; v < 2; ++v) {
      EXPECT_NEAR(after[v].least_x, expected[v].least_x, 0.3) << angle;
      EXPECT_NEAR(after[v].most_x, expected[v].most_x, 0.3) << angle;
    }
  }
  EXPECT_EQ(before.size(), 2u);
}

TEST_F(StandingFigure, draws_busier_muscles_thicker_and_darker) {
  const auto widest = [&](double a) {
    activation.assign(columns.size(), a);
    double width = 0;
    const auto picture = parse(draw(q, forces));
    for (const auto& node : picture.select_nodes("//polyline[@stroke-opacity]"))
      width = std::max(width, node.node().attribute("stroke-width").as_double());
    return width;
  };
  const double rest = widest(0), half = widest(0.5), full = widest(1);
  EXPECT_LT(rest, half);
  EXPECT_LT(half, full);
}

TEST_F(StandingFigure, gives_every_set_of_activations_its_own_pictures_in_a_page_without_references) {
  RunResult result;
  result.time = {0};
  result.q = q;
  result.model = std::make_shared<const Model>(model);
  for (const int muscle : columns)
    result.columns.push_back({model.muscles[static_cast<std::size_t>(muscle)].name, muscle, 1});
  result.loads = {{"floor under the right foot", model.find_body("calcn_r"), 0, 0}};
  result.load_values = forces;
  result.mass = 75, result.body_weight = 735;
  for (const double factor : {1.0, 0.5}) {
    Condition c;
    c.title = "as strong as the model";
    if (factor < 1) c.changes = {{"gluteus_medius_r", factor}};
    c.output.activation = activation;
    result.conditions.push_back(std::move(c));
  }
  const std::string html = make_report_html(result, {}, make_posture_pictures(result, 0, "Standing"));
  pugi::xml_document page;
  ASSERT_TRUE(page.load_string(html.c_str() + std::string("<!doctype html>").size()));
  EXPECT_EQ(page.select_nodes("//svg").size(), 2u);
  EXPECT_TRUE(page.select_node("//text[.='normal']"));
  EXPECT_TRUE(page.select_node("//text[.='weakened']"));
  EXPECT_EQ(html.find("http://"), std::string::npos);
}

// a model with other names still gets a picture: lines between its joints
TEST_F(StandingFigure, draws_bodies_it_does_not_know_as_lines) {
  for (Body& body : model.bodies) body.name = "part" + std::to_string(&body - model.bodies.data());
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, q.data(), kin);
  const auto bones = make_bone_shapes(model, kin);
  EXPECT_GT(bones.size(), 15u);
  for (const BoneShape& bone : bones) EXPECT_FALSE(bone.closed);
}

}  // namespace
}  // namespace buttress
