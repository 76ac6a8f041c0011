#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "load/chain_plan.h"

/// The whole chain for recorded frames: angles -> joint moments -> muscle lengths and capacities -> activations ->
/// joint loads.
namespace buttress {

/// Frames to work on, row-major, one row a frame. Owned by the caller.
struct ChainInput {
  std::size_t frame_count = 0;
  const double* q = nullptr;      ///< [frames x coordinates] rad, m
  const double* qd = nullptr;     ///< [frames x coordinates]
  const double* qdd = nullptr;    ///< [frames x coordinates]
  const double* loads = nullptr;  ///< [frames x loads x 9] force, point, torque in the frames of ChainPlan::loads
};

/// What one frame ended with.
enum class FrameStatus : std::uint8_t { solved, not_converged, singular };

/// Results, row-major, one row a frame. make_chain_output() gives every array its size.
struct ChainOutput {
  /// [frames x coordinates] net generalized force of inverse dynamics, N m or N; with contact points after their
  /// forces, so that the rows of the joint that carries the body are the residuals that are left
  std::vector<double> joint_moment;
  std::vector<double> length;      ///< [frames x muscles] muscle-tendon length, m
  std::vector<double> activation;  ///< [frames x columns]
  std::vector<double> force;    ///< [frames x columns] N (or N m): along the tendon, passive part included if asked for
  std::vector<double> reserve;  ///< [frames x rows] N m or N that the reserves add
  std::vector<double> residual;           ///< [frames] largest equilibrium error that is left, N m or N
  std::vector<FrameStatus> status;        ///< [frames]
  std::vector<std::uint16_t> iterations;  ///< [frames] Newton steps
  /// [frames x contact groups x 9] what the surface does to the body: force, centre of pressure, free moment (W), as
  /// ChainInput::loads; the centre is the surface's own point where nothing is pressed
  std::vector<double> contact;
  std::vector<double>
      reaction;  ///< [frames x joints x 9] force on the child (W), moment about the joint centre (W), joint centre (W)
};
ChainOutput make_chain_output(const ChainPlan& plan, std::size_t frame_count);

/// scalar serves every processor; lanes of 4 and 8 need AVX2 and AVX-512
enum class InstructionSet { scalar, avx2, avx512 };
/// the widest set that this processor and this build offer
InstructionSet find_widest_instruction_set();
/// The set to use: the widest, or the one that the environment variable BUTTRESS_INSTRUCTION_SET names (baseline, avx2,
/// avx512), so that every set can be tested on one machine. Throws std::invalid_argument when it names none, or one
/// that is not offered.
InstructionSet find_instruction_set();
const char* name_of(InstructionSet set);

/// Stages of a run, for benchmarks: stop after one of them.
enum class ChainStage { inverse_dynamics, paths, fibers, recruitment, reactions };

struct ChainRunOptions {
  InstructionSet instruction_set = find_instruction_set();
  unsigned thread_count = 0;  ///< 0 = all cores
  ChainStage last_stage = ChainStage::reactions;
};

/// Runs all frames. Frames are dealt to lanes and batches by their number alone, so that the bytes of the result do
/// not depend on the number of threads; between instruction sets results agree to 1e-9. What a thread throws
/// (std::bad_alloc) is thrown here.
void run_chain(const ChainPlan& plan, const ChainInput& input, const ChainRunOptions& options, ChainOutput& output);

}  // namespace buttress
