#pragma once
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "body/data_folder.h"
#include "body/model_loading.h"
#include "io/contact_reader.h"
#include "movement/movement_solver.h"
#include "multibody/kinematics.inl"

/// The built-in body and its movements for tests; what cannot be read or done fails the test.
namespace buttress {

inline const Model& body() {
  static const Model model = [] {
    Diagnostics diagnostics;
    auto m = load_model({find_data_folder() + "/models/buttress_body.osim", {}, false, {}, {}, false}, diagnostics);
    return m.value();
  }();
  return model;
}
inline const ContactSet& contacts() {
  static const ContactSet set = [] {
    Diagnostics diagnostics;
    return read_contacts(find_data_folder() + "/models/buttress_contacts.csv", body(), 0, diagnostics).value();
  }();
  return set;
}

inline MovementSpec read(const std::string& name, const std::vector<std::string>& settings = {}) {
  Diagnostics diagnostics;
  auto movement = read_movement(find_data_folder() + "/movements/" + name + ".json", diagnostics);
  if (movement) set_parameters(settings, *movement, diagnostics);
  for (const Diagnostic& d : diagnostics.items()) ADD_FAILURE() << format_diagnostic(d);
  return movement.value_or(MovementSpec{});
}
inline SolvedMovement solve(const MovementSpec& movement) {
  Diagnostics diagnostics;
  auto solved = solve_movement(body(), movement, contacts(), diagnostics);
  for (const Diagnostic& d : diagnostics.items()) ADD_FAILURE() << format_diagnostic(d);
  return solved.value_or(SolvedMovement{});
}
/// where a contact point of the body is at one frame
inline Vec3d find_point(const SolvedMovement& solved, std::size_t frame, const std::string& name) {
  Kinematics<double> kin = make_kinematics<double>(body());
  update_positions(body(), &solved.motion.q[frame * body().coordinates.size()], kin);
  for (const ContactPoint& p : contacts().points)
    if (p.name == name) return kin.X_WB[static_cast<std::size_t>(p.body)] * p.p_B;
  ADD_FAILURE() << name;
  return {0, 0, 0};
}
/// mass centre of the body alone, added up here and not by the code under test
inline Vec3d find_mass_center(const Kinematics<double>& kin) {
  Vec3d sum{0, 0, 0};
  for (std::size_t b = 1; b < body().bodies.size(); ++b)
    sum += (body().bodies[b].mass / body().total_mass) * (kin.X_WB[b] * body().bodies[b].p_BBcm_B);
  return sum;
}
inline bool has_id(const Diagnostics& diagnostics, const std::string& id) {
  for (const Diagnostic& d : diagnostics.items())
    if (d.id == id) return true;
  return false;
}

}  // namespace buttress
