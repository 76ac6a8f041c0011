#pragma once
#include <cstddef>

namespace buttress {

/// how often the test program has called operator new; allocations_test.cpp replaces it with one that counts
std::size_t count_allocations();

}  // namespace buttress
