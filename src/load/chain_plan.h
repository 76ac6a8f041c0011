#pragma once
#include <memory>
#include <string>
#include <vector>

#include "load/contact.h"
#include "load/coupled_ligament.h"
#include "model/model.h"
#include "muscle/fiber_force.h"
#include "muscle/passive_forces.h"
#include "muscle/path_kinematics.h"
#include "recruit/recruitment_problem.h"

/// Everything about one model and one set of choices that does not change from frame to frame.
namespace buttress {

/// Each field is one difference between physiology (our default) and OpenSim's StaticOptimization.
struct ChainOptions {
  bool passive_fiber_force = true;     ///< false: OpenSim's static optimization leaves passive fibre force out
  bool elastic_passive_tendon = true;  ///< false: passive force as if the tendon were rigid (passive_tension.h)
  bool opensim_double_wraps = false;   ///< true: paths over several objects as long as OpenSim has them (see PathRule)
  bool muscle_physiology = true;       ///< false: capacity is max_isometric_force at every length and velocity
  bool muscle_tone = true;             ///< false: muscles may fall silent, whatever min_control they have
  bool use_actuators = true;           ///< the model's own actuators take part with their control bounds
  double reserve_strength = 1.0;  ///< N m or N per row that muscles act on; 0 = none (OpenSim: only what the file has)
  bool drop_rows_without_muscles = true;  ///< false: rows that no column acts on are kept, and then cannot be met
  int exponent = 2;                       ///< of the activations in the objective; 2 or 3
  /// [muscles] how much each muscle's effort counts, > 0; empty = all 1, as in OpenSim. Parts of one muscle should
  /// share one whole, or a muscle gets dearer by being divided
  std::vector<double> effort_weight;
  /// [muscles] factor on the active force; empty = all 1. A weak muscle resists stretch as before, so effort never
  /// falls when a muscle gets weaker
  std::vector<double> strength;
  bool reactions = true;  ///< compute joint reactions
  /// false: OpenSim's joint loads, as if the patella were a pulley (coupled_ligament.h)
  bool coupled_ligaments = true;
  ContactSet contacts;  ///< points that may press on surfaces; empty = external loads alone
  /// N and N m per row of the joint that carries the whole body, when there are contact points: what no contact can
  /// give. Its effort is that of one full activation, so it stays near zero where contact can do the work.
  double root_residual_strength = 1;
  /// what make_chain_fibers() made of the same model and options, for many plans of one body; nullptr = made anew
  std::shared_ptr<const FiberPlan> fibers;
};

/// Calls visit(name, value) for every option that is one number or one truth, by the name it has in records, schemas
/// and other languages. What is not here is data (strengths, weights, contacts), not a choice.
template <class Options, class Visit>
void visit_fields(Options& options, const Visit& visit) {
  visit("passive_fiber_force", options.passive_fiber_force);
  visit("elastic_passive_tendon", options.elastic_passive_tendon);
  visit("opensim_double_wraps", options.opensim_double_wraps);
  visit("muscle_physiology", options.muscle_physiology);
  visit("muscle_tone", options.muscle_tone);
  visit("use_actuators", options.use_actuators);
  visit("reserve_strength", options.reserve_strength);
  visit("drop_rows_without_muscles", options.drop_rows_without_muscles);
  visit("exponent", options.exponent);
  visit("reactions", options.reactions);
  visit("coupled_ligaments", options.coupled_ligaments);
  visit("root_residual_strength", options.root_residual_strength);
}

/// where an external load acts; its nine numbers a frame come from the data
struct ChainLoad {
  std::string name;
  int body = 0;              ///< body that feels it
  int force_frame_body = 0;  ///< body in whose frame force and torque are given; 0 = world
  int point_frame_body = 0;  ///< body in whose frame the point is given; 0 = world
};

/// One entry of the reduced moment-arm matrix: matrix[target] += moment_arm[source] * slope of the coupler (or 1).
struct ReducedEntry {
  int source = 0;    ///< into PathWorkspace::moment_arm
  int target = 0;    ///< into the matrix of the recruitment problem
  int coupler = -1;  ///< Model::couplers index, or -1
};

/// One column of the recruitment problem.
struct ChainColumn {
  std::string name;
  int muscle = -1;                       ///< Model::muscles index, or
  int actuator = -1;                     ///< Model::actuators index, or
  int contact = -1;                      ///< ContactSet::points index; its five columns follow one another
  int first_entry = 0, entry_count = 0;  ///< its entries in ChainPlan::entries (muscles and path actuators)
};

struct ChainPlan {
  const Model* model = nullptr;
  ChainOptions options;
  std::vector<ChainLoad> loads;
  PathPlan paths;
  FiberPlan fibers;
  PassiveForcePlan passive;
  std::vector<CoupledLigament> coupled_ligaments;  ///< empty when the options leave them out
  RecruitmentPattern pattern;
  std::vector<ChainColumn> columns;  ///< muscles, then actuators, each in the model's order, then contact points
  int first_contact_column = 0;      ///< columns.size() when there are none
  std::vector<ContactGroup> contact_groups;
  std::vector<int> column_start;  ///< [columns + 1] CSC of the problem matrix
  std::vector<int> row_index;     ///< [nnz] problem row
  std::vector<ReducedEntry> entries;
  std::vector<int> rows;                     ///< problem row -> row of Model::independent
  std::vector<int> row_of_independent;       ///< inverse of rows; -1 = row left out
  std::vector<double> lower, upper, weight;  ///< [columns]
  std::vector<double> reserve_strength;      ///< [rows]
  std::vector<double> strength;              ///< [muscles], never empty
  bool has_passive_forces = false;
  RecruitmentOptions recruitment;
  std::vector<int> first_term;  ///< [axes + 1] see find_first_terms
};

/// The tables of all muscles' fibres, as ChainOptions::fibers takes them: the costly part of a plan, which depends on
/// the model and the options of passive force alone.
std::shared_ptr<const FiberPlan> make_chain_fibers(const Model& model, const ChainOptions& options);

/// Throws std::invalid_argument when options.strength or options.fibers has another size than the model's muscles, or a
/// factor is not a finite number >= 0; when the exponent is neither 2 nor 3, or the strength of a reserve is not a
/// finite number >= 0; or when a contact point stands on no body or surface. With contact points, coordinate actuators
/// of the joint that carries the whole body are left out: they are residuals by another name.
ChainPlan make_chain_plan(const Model& model, const ChainOptions& options, std::vector<ChainLoad> loads);

}  // namespace buttress
