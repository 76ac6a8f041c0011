#include "base/threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <new>
#include <stdexcept>
#include <string>

namespace buttress {
namespace {

TEST(Threads, all_work_is_done_once_by_any_number_of_threads) {
  for (const std::size_t threads : {0u, 1u, 2u, 7u}) {
    std::atomic<int> next{0}, sum{0};
    run_on_threads(threads, [&] {
      for (int i = next++; i < 1000; i = next++) sum += i;
    });
    EXPECT_EQ(sum, 499500) << threads;
  }
}

TEST(Threads, what_one_of_them_throws_reaches_the_caller_after_all_have_ended) {
  for (int thrower = 0; thrower < 4; ++thrower) {
    std::atomic<int> next{0}, ended{0};
    try {
      run_on_threads(4, [&] {
        const int mine = next++;
        if (mine == thrower) throw std::invalid_argument("of thread " + std::to_string(mine));
        ++ended;
      });
      ADD_FAILURE() << "nothing was thrown";
    } catch (const std::invalid_argument& problem) {
      EXPECT_EQ(problem.what(), "of thread " + std::to_string(thrower));
    }
    EXPECT_EQ(ended, 3);
  }
}

TEST(Threads, one_of_several_exceptions_reaches_the_caller) {
  EXPECT_THROW(run_on_threads(5, [] { throw std::bad_alloc(); }), std::bad_alloc);
}

}  // namespace
}  // namespace buttress
