// Movements of people of other sizes. The judge is similarity: a body whose lengths are all k times as long, in a room
// whose lengths are k times as long, does the same movement with the same angles, and its root moves k times as far.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/shell_testing.h"
#include "base/run_status.h"
#include "body/data_folder.h"
#include "body/person_body.h"
#include "io/contact_reader.h"
#include "movement/movement_scaling.h"
#include "movement/movement_solver.h"

namespace buttress {
namespace {

std::string write_person(double height, double mass) {
  const std::string path = testing::TempDir() + "buttress_similar.json";
  std::ofstream(path) << "{\"sex\": \"male\", \"age_years\": 30, \"height_m\": " << height << ", \"mass_kg\": " << mass
                      << "}";
  return path;
}

class SimilarPeople : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Movements, SimilarPeople, testing::Values("squat", "sit_down", "step_up", "glute_bridge"));

TEST_P(SimilarPeople, move_alike) {
  Diagnostics diagnostics;
  const double k = 1.9 / 1.75;
  const auto solve = [&](const std::string& person_file, double factor, Model& model) {
    auto body = load_person_body(test_library().data_folder(), person_file, diagnostics);
    auto movement = read_movement(find_data_folder() + "/movements/" + GetParam() + ".json", diagnostics);
    scale_lengths(factor, *movement);
    model = *body->model;
    auto contacts = read_contacts(find_data_folder() + "/models/buttress_contacts.csv", model, 0, diagnostics);
    scale_contacts(body->factors, model, *contacts);
    return solve_movement(model, *movement, *contacts, diagnostics);
  };
  Model small, tall;
  const auto a = solve("", 1, small), b = solve(write_person(1.9, 90), k, tall);
  for (const Diagnostic& d : diagnostics.items()) ADD_FAILURE() << format_diagnostic(d);
  ASSERT_TRUE(a && b);
  ASSERT_EQ(a->motion.frame_count(), b->motion.frame_count());
  const std::size_t n = small.coordinates.size();
  double worst = 0;
  for (std::size_t i = 0; i < a->motion.q.size(); ++i) {
    // the patella's coordinate counts as a slide in OpenSim, but follows the knee's angle
    const Coordinate& c = small.coordinates[i % n];
    const double factor = c.motion_type != MotionType::rotational && c.coupler < 0 ? k : 1;
    worst = std::max(worst, std::abs(b->motion.q[i] - factor * a->motion.q[i]));
  }
  RecordProperty("worst_difference", std::to_string(worst));
  // angles, and slides in lengths of the body, are what the least change adds up: both move alike. Found: below 4e-6
  EXPECT_LT(worst, 1e-4);
}

TEST(PersonMovement, angles_that_go_with_a_length_are_the_same_for_all_sizes) {
  const MovementValue angle{10, 50, "step_height_m"}, length{0.1, 2, "step_height_m"};
  MovementSpec movement;
  movement.parameters = {{"step_height_m", "", 0.2, 0.1, 0.3}};
  MovementSurface& surface = movement.surfaces.emplace_back();
  surface.incline_deg = surface.turn_deg = angle;
  surface.y_m = length;
  Keyframe& frame = movement.keyframes.emplace_back();
  frame.pose["knee_angle_r"] = angle;
  frame.pose["pelvis_ty"] = length;
  frame.place.emplace_back().yaw_deg = angle;
  scale_lengths(1.1, movement);
  for (const MovementValue& value :
       {movement.surfaces[0].incline_deg, movement.surfaces[0].turn_deg, movement.keyframes[0].pose["knee_angle_r"],
        *movement.keyframes[0].place[0].yaw_deg})
    EXPECT_NEAR(find_value(movement, value), 20, 1e-12);
  for (const MovementValue& value : {movement.surfaces[0].y_m, movement.keyframes[0].pose["pelvis_ty"]})
    EXPECT_NEAR(find_value(movement, value), 1.1 * 0.5, 1e-12);
}

TEST(PersonMovement, sets_what_was_asked_for_in_metres_and_the_rest_by_height) {
  const auto find_chair = [](const std::vector<std::string>& settings) {
    ShownSimulateRequest request;
    request.movement = "sit_down";
    request.person_file = write_person(1.9, 90);
    request.settings = settings;
    Diagnostics diagnostics;
    std::string text, record;
    EXPECT_EQ(run_simulate(request, text, record, diagnostics), RunStatus::done);
    return nlohmann::json::parse(record)["parameters"]["chair_height_m"].get<double>();
  };
  EXPECT_NEAR(find_chair({}), 0.46 * 1.9 / 1.75, 1e-12);
  EXPECT_EQ(find_chair({"chair_height_m=0.5"}), 0.5);
}

}  // namespace
}  // namespace buttress
