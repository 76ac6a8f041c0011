// the functions of Lanes<double, 4>, compiled for AVX2; lanes_test.cpp compares them with double
#include "simd/lanes_testing.h"

#if defined(BUTTRESS_HAS_LANES)
namespace buttress::lanes_testing {
const InstructionSet kAvx2 = make_instruction_set<4>("AVX2");
}
#endif
