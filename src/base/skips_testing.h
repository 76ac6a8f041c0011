#pragma once

/// For tests only: why a test is skipped, in the few wordings under which tools/count_tests.py groups the tests.
namespace buttress {

inline constexpr const char* kNoSharedData = "the public recordings are not here (../shared, or BUTTRESS_SHARED)";
inline constexpr const char* kNoWideRegisters = "this processor or build has no AVX2 or no AVX-512";
inline constexpr const char* kNoPython = "python3 is not installed";

}  // namespace buttress
