#include "app/shell_testing.h"
#include "base/assert.h"
#include "file_for_fuzzing.h"

namespace {

/// an arm of two joints, a muscle across each and a spring of none
constexpr const char* kArm = R"(<OpenSimDocument Version="40000"><Model name="arm"><gravity>0 -9.81 0</gravity>
<BodySet><objects>
<Body name="upper"><mass>2</mass><mass_center>0 -0.15 0</mass_center><inertia>0.02 0.01 0.02 0 0 0</inertia></Body>
<Body name="lower"><mass>1</mass><mass_center>0 -0.12 0</mass_center><inertia>0.01 0.01 0.01 0 0 0</inertia></Body>
</objects></BodySet><JointSet><objects>
<PinJoint name="shoulder"><socket_parent_frame>/ground</socket_parent_frame><socket_child_frame>/bodyset/upper</socket_child_frame>
<coordinates><Coordinate name="flexion"/></coordinates></PinJoint>
<PinJoint name="elbow"><socket_parent_frame>o</socket_parent_frame><socket_child_frame>/bodyset/lower</socket_child_frame>
<coordinates><Coordinate name="bend"/></coordinates><frames><PhysicalOffsetFrame name="o">
<socket_parent>/bodyset/upper</socket_parent><translation>0 -0.3 0</translation></PhysicalOffsetFrame></frames></PinJoint>
</objects></JointSet><ForceSet><objects>
<Thelen2003Muscle name="brachialis"><GeometryPath><PathPointSet><objects>
<PathPoint name="a"><socket_parent_frame>/bodyset/upper</socket_parent_frame><location>0.02 -0.1 0</location></PathPoint>
<PathPoint name="b"><socket_parent_frame>/bodyset/lower</socket_parent_frame><location>0.02 -0.05 0</location></PathPoint>
</objects></PathPointSet></GeometryPath><max_isometric_force>900</max_isometric_force>
<optimal_fiber_length>0.1</optimal_fiber_length><tendon_slack_length>0.12</tendon_slack_length></Thelen2003Muscle>
</objects></ForceSet></Model></OpenSimDocument>)";

}  // namespace

/// `analyze` on any bytes as the recording: the first byte chooses markers (.trc, .c3d) for the built-in body, or
/// coordinates (.mot, .sto) for an arm; the rest is the file. It ends with a status that fits its messages.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buttress;
  if (size == 0) return 0;
  static const char* const kEndings[] = {".trc", ".c3d", ".mot", ".sto"};
  const std::size_t kind = data[0] % 4;
  ShownAnalyzeRequest request;
  request.motion_file = write_fuzz_file(std::string("recording") + kEndings[kind], data + 1, size - 1);
  request.model_file = kind < 2 ? std::string("body")
                                : write_fuzz_file("arm.osim", reinterpret_cast<const std::uint8_t*>(kArm),
                                                  std::char_traits<char>::length(kArm));
  request.out_folder = (find_fuzz_folder() / "out").string();
  Diagnostics diagnostics;
  std::string record;
  const RunStatus status = run_analyze(request, record, diagnostics);
  BUTTRESS_ASSERT(status != RunStatus::done || !diagnostics.has_errors());
  BUTTRESS_ASSERT(status != RunStatus::bad_input || diagnostics.has_errors());
  for (const Diagnostic& d : diagnostics.items()) BUTTRESS_ASSERT(!format_diagnostic(d).empty());
  return 0;
}
