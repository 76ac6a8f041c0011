#pragma once
#include <string>
#include <utility>
#include <vector>

namespace buttress {

/// seconds spent in each stage of a run, in order
class StageClock {
 public:
  StageClock();
  /// ends the stage that ran since the last call
  void finish(const std::string& stage);
  const std::vector<std::pair<std::string, double>>& stages() const { return stages_; }

 private:
  double last_;
  std::vector<std::pair<std::string, double>> stages_;
};

}  // namespace buttress
