#pragma once
#include <functional>

namespace buttress {

/// Runs `work` on `thread_count` threads at once, the caller's among them (at least 1), and returns when all have
/// ended. What `work` throws comes out here, the first one that was thrown, after all have ended. Work that shares
/// itself out by a counter goes on with fewer threads when the system gives no more.
void run_on_threads(std::size_t thread_count, const std::function<void()>& work);

}  // namespace buttress
