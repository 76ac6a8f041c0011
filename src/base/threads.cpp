#include "base/threads.h"

#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace buttress {

void run_on_threads(std::size_t thread_count, const std::function<void()>& work) {
  std::mutex guard;
  std::exception_ptr first;
  // an exception that leaves a thread's function would end the process
  const auto run = [&] {
    try {
      work();
    } catch (...) {
      const std::lock_guard lock(guard);
      if (!first) first = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> helpers;
    helpers.reserve(thread_count);
    try {
      for (std::size_t i = 1; i < thread_count; ++i) helpers.emplace_back(run);
    } catch (const std::system_error&) {
      // those that run share the work
    }
    run();
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace buttress
