// the kernels over 2 frames, compiled for SSE; inverse_dynamics_lanes_test.cpp compares them with double
#include "multibody/lanes_testing.h"

#if defined(BUTTRESS_HAS_LANES)
namespace buttress::lanes_testing {
const FrameFunction kSseFrames = calc_frames<Lanes<double, 2>>;
}
#endif
