#pragma once
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace buttress {

/// A line on standard error for work of more than two seconds: redrawn on a terminal, elsewhere one every ten seconds.
class ProgressLine {
 public:
  void show(const std::string& stage, double share) {
    using namespace std::chrono;
    const auto now = steady_clock::now();
    const auto pause = is_terminal_ ? milliseconds(100) : milliseconds(10000);
    if (now - start_ < seconds(2) || (is_shown_ && now - last_ < pause)) return;
    last_ = now;
    is_shown_ = true;
    std::fprintf(stderr, is_terminal_ ? "\r\033[K%s %.0f %%" : "%s, %.0f %% done\n", stage.c_str(), 100 * share);
  }
  void clear() {
    if (is_shown_ && is_terminal_) std::fputs("\r\033[K", stderr);
  }

 private:
  bool is_terminal_ = isatty(2) != 0, is_shown_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now(), last_{};
};

}  // namespace buttress
