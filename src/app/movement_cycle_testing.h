#pragma once
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "app/data_folder.h"
#include "app/model_loading.h"
#include "app/movement_cycle.h"
#include "io/contact_reader.h"
#include "multibody/kinematics.h"

/// What the tests of walking and stairs share.
namespace buttress::movement_cycle_testing {

inline const Model& body() {
  static const Model model = [] {
    Diagnostics diagnostics;
    return load_model({find_data_folder() + "/models/buttress_body.osim", {}, false, {}, {}, false}, diagnostics)
        .value();
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
  auto solved = solve_cycle(body(), movement, contacts(), diagnostics);
  for (const Diagnostic& d : diagnostics.items()) ADD_FAILURE() << format_diagnostic(d);
  return solved.value_or(SolvedMovement{});
}

inline Vec3d find_point(const SolvedMovement& solved, std::size_t frame, const std::string& name) {
  Kinematics<double> kin = make_kinematics<double>(body());
  update_positions(body(), &solved.motion.q[frame * body().coordinates.size()], kin);
  for (const ContactPoint& p : contacts().points)
    if (p.name == name) return kin.X_WB[static_cast<std::size_t>(p.body)] * p.p_B;
  ADD_FAILURE() << name;
  return {0, 0, 0};
}

}  // namespace buttress::movement_cycle_testing
