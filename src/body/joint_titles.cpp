#include "body/joint_titles.h"

#include <algorithm>
#include <array>
#include <utility>

#include "body/name_pattern.h"

namespace buttress {

JointTitle find_joint_title(const std::string& joint) {
  struct Rule {
    NamePattern pattern;
    const char* title;
    bool sided, split;
  };
  static const std::array<Rule, 10> kRules = {{
      {*parse_name_pattern("(acetabular_)?hip(_joint)?_?([rl])|([rl])_?hip"), "hip", true, false},
      {*parse_name_pattern("(walker_|femoral_cor_|tibiofemoral_)?knee(_joint)?_?([rl])|([rl])_?knee"), "knee", true,
       false},
      {*parse_name_pattern("ankle(_joint)?_?([rl])|([rl])_?ankle"), "ankle", true, false},
      {*parse_name_pattern("sacroiliac_?([rl])"), "sacroiliac joint", true, true},
      {*parse_name_pattern("back|lumbar|lumbosacral"), "lower back", false, true},
      {*parse_name_pattern("[Ll]5_[Ss]1(_IVDjnt)?"), "L5-S1", false, true},
      {*parse_name_pattern("[Ll]4_[Ll]5(_IVDjnt)?"), "L4-L5", false, true},
      {*parse_name_pattern("[Ll]3_[Ll]4(_IVDjnt)?"), "L3-L4", false, true},
      {*parse_name_pattern("[Ll]2_[Ll]3(_IVDjnt)?|[Ll]1_[Ll]2(_IVDjnt)?"), "", false, true},
      {*parse_name_pattern("[Tt]12_[Ll]1|[Ll]1_[Tt]12(_IVDjnt)?"), "T12-L1", false, true},
  }};
  for (const Rule& rule : kRules) {
    if (!fits(rule.pattern, joint)) continue;
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
