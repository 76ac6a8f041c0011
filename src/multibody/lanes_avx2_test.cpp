// the kernels over 4 frames, compiled for AVX2; inverse_dynamics_lanes_test.cpp compares them with double
#include "multibody/lanes_testing.h"

#if defined(BUTTRESS_HAS_LANES)
namespace buttress::lanes_testing {
const FrameFunction kAvx2Frames = calc_frames<Lanes<double, 4>>;
}
#endif
