// operator new of the whole test program, with a counter. It stands alone so that the compiler cannot look inside.
#include <atomic>
#include <cstdlib>
#include <new>

#include "multibody/allocations_testing.h"

namespace {
std::atomic<std::size_t> allocations{0};
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size == 0 ? 1 : size)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept {
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
  std::free(p);
}

namespace buttress {

std::size_t count_allocations() {
  return allocations;
}

}  // namespace buttress
