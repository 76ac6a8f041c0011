// the kernels over 8 frames, compiled for AVX-512; inverse_dynamics_lanes_test.cpp compares them with double
#include "multibody/lanes_testing.h"

#if defined(BUTTRESS_HAS_LANES)
namespace buttress::lanes_testing {
const FrameFunction kAvx512Frames = calc_frames<Lanes<double, 8>>;
}
#endif
