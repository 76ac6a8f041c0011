#pragma once
#include <cstdio>
#include <cstdlib>

/// Our own bug, never the user's: on in every build type, because a wrong number is worse than a stop.
#define BUTTRESS_ASSERT(condition)                                                                  \
  do {                                                                                              \
    if (!(condition)) {                                                                             \
      std::fprintf(stderr, "%s:%d: internal error: %s is false\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                                 \
    }                                                                                               \
  } while (false)
