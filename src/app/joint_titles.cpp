#include "app/joint_titles.h"

#include <algorithm>
#include <array>
#include <regex>
#include <utility>

namespace buttress {

JointTitle find_joint_title(const std::string& joint) {
  struct Rule {
    std::regex pattern;
    const char* title;
    bool sided, split;
  };
  static const std::array<Rule, 10> kRules = {{
      {std::regex("(acetabular_)?hip(_joint)?_?([rl])|([rl])_?hip"), "hip", true, false},
      {std::regex("(walker_|femoral_cor_|tibiofemoral_)?knee(_joint)?_?([rl])|([rl])_?knee"), "knee", true, false},
      {std::regex("ankle(_joint)?_?([rl])|([rl])_?ankle"), "ankle", true, false},
      {std::regex("sacroiliac_?([rl])"), "sacroiliac joint", true, true},
      {std::regex("back|lumbar|lumbosacral"), "lower back", false, true},
      {std::regex("[Ll]5_[Ss]1(_IVDjnt)?"), "L5-S1", false, true},
      {std::regex("[Ll]4_[Ll]5(_IVDjnt)?"), "L4-L5", false, true},
      {std::regex("[Ll]3_[Ll]4(_IVDjnt)?"), "L3-L4", false, true},
      {std::regex("[Ll]2_[Ll]3(_IVDjnt)?|[Ll]1_[Ll]2(_IVDjnt)?"), "", false, true},
      {std::regex("[Tt]12_[Ll]1|[Ll]1_[Tt]12(_IVDjnt)?"), "T12-L1", false, true},
  }};
  for (const Rule& rule : kRules) {
    if (!std::regex_match(joint, rule.pattern)) continue;
    std::string title = rule.title;
    if (title.empty()) title = std::string("L") + joint[1] + "-L" + joint[4];
    const bool left = joint.back() == 'l' || joint.front() == 'l';
    if (rule.sided) title = (left ? "left " : "right ") + title;
    Vec3<double> axis{0, 1, 0};
    if (rule.sided && rule.split) axis = {0, 0, left ? -1.0 : 1.0};
    return {title, rule.split, axis};
  }
  return {};
}

std::string make_words(std::string name) {
  std::string side;
  if (name.size() > 2 && name[name.size() - 2] == '_') {
    if (name.back() == 'r') side = ", right";
    if (name.back() == 'l') side = ", left";
    if (!side.empty()) name.resize(name.size() - 2);
  }
  std::replace(name.begin(), name.end(), '_', ' ');
  return name + side;
}

}  // namespace buttress
