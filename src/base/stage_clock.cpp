#include "base/stage_clock.h"

#include <chrono>

namespace buttress {

namespace {

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

StageClock::StageClock() : last_(now_s()) {}

void StageClock::finish(const std::string& stage) {
  const double now = now_s();
  stages_.emplace_back(stage, now - last_);
  last_ = now;
}

}  // namespace buttress
