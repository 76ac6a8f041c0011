// the functions of Lanes<double, 8>, compiled for AVX-512; lanes_test.cpp compares them with double
#include "simd/lanes_testing.h"

#if defined(BUTTRESS_HAS_LANES)
namespace buttress::lanes_testing {
const InstructionSet kAvx512 = make_instruction_set<8>("AVX-512");
}
#endif
