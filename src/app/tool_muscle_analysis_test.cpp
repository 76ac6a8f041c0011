// OpenSim's MuscleAnalysis. What the reference can prove: fibres on rigid tendons, computed here once more from the
// lengths that the analysis gives. The passive force that `simulate` takes, on elastic tendons, is another one.
#include <gtest/gtest.h>

#include "app/movement_testing.h"
#include "app/tool_analyses.h"
#include "muscle/fiber_force.h"

namespace buttress {
namespace {

const Table& find_table(const std::vector<NamedTable>& tables, const std::string& suffix) {
  for (const NamedTable& named : tables)
    if (named.suffix == suffix) return named.table;
  throw std::out_of_range(suffix);
}

TEST(MuscleAnalysis, PassiveForceIsThatOfFibresOnRigidTendons) {
  // sitting on the heels: deeply bent hips, knees and ankles stretch many muscles
  const Model& model = body();
  const std::size_t n = model.coordinates.size();
  Trial trial;
  trial.motion.time = {0};
  trial.motion.q.assign(n, 0.0);
  trial.motion.qd.assign(n, 0.0);
  trial.motion.qdd.assign(n, 0.0);
  for (const char* name : {"hip_flexion_r", "knee_angle_r", "knee_angle_r_beta"})
    trial.motion.q[static_cast<std::size_t>(model.find_coordinate(name))] = 1.7;
  trial.motion.q[static_cast<std::size_t>(model.find_coordinate("ankle_angle_r"))] = 0.5;
  Diagnostics diagnostics;
  const auto tables = calc_muscle_analysis(model, trial, {{"all"}, {}, false}, diagnostics);
  ASSERT_FALSE(diagnostics.has_errors());
  const Table& lengths = find_table(tables, "Length");
  const Table& forces = find_table(tables, "PassiveFiberForceAlongTendon");
  ASSERT_EQ(forces.columns.size(), model.muscles.size());

  const FiberPlan rigid = make_fiber_plan(model);
  FiberPlan elastic = rigid;
  elastic.passive_tensions = make_passive_tensions(elastic);
  FiberWorkspace<double> on_rigid = make_fiber_workspace<double>(rigid), on_elastic = on_rigid;
  const std::vector<double> still(model.muscles.size(), 0.0);
  update_fibers(model, rigid, lengths.values.data(), still.data(), on_rigid);
  update_fibers(model, elastic, lengths.values.data(), still.data(), on_elastic);
  double apart = 0;
  for (std::size_t m = 0; m < model.muscles.size(); ++m) {
    EXPECT_NEAR(forces.values[m], on_rigid.passive_force[m], 1e-9) << model.muscles[m].name;
    apart = std::max(apart, std::abs(on_elastic.passive_force[m] - on_rigid.passive_force[m]));
  }
  EXPECT_GT(apart, 50) << "a posture in which the two are alike proves nothing";
}

}  // namespace
}  // namespace buttress
