// the functions of Lanes<double, 2>, compiled for SSE2; lanes_test.cpp compares them with double
#include "simd/lanes_testing.h"

#if defined(BUTTRESS_HAS_LANES)
namespace buttress::lanes_testing {
const InstructionSet kSse = make_instruction_set<2>("SSE2");
}
#endif
