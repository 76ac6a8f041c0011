#include "view/stick_figure_bones.h"

#include <array>
#include <cmath>
#include <numbers>
#include <optional>

namespace buttress {

namespace {

/// an average adult's outlines in m; x forward, y up, z right or left of the middle
struct Outline2 {
  double along, up;
};
/// from the middle between the hips, hips 0.158 m apart: right half of the pelvis from the front, z and y
constexpr std::array<Outline2, 10> kPelvisFront{{{0.025, 0.135},
                                                 {0.07, 0.16},
                                                 {0.115, 0.175},
                                                 {0.14, 0.145},
                                                 {0.13, 0.09},
                                                 {0.105, 0.045},
                                                 {0.105, 0.0},
                                                 {0.075, -0.055},
                                                 {0.045, -0.05},
                                                 {0.012, -0.012}}};
/// the pelvis from the right, x and y
constexpr std::array<Outline2, 11> kPelvisRight{{{-0.03, 0.135},
                                                 {0.0, 0.172},
                                                 {0.04, 0.145},
                                                 {0.06, 0.085},
                                                 {0.045, 0.045},
                                                 {0.05, 0.0},
                                                 {0.03, -0.03},
                                                 {-0.035, -0.06},
                                                 {-0.05, -0.02},
                                                 {-0.085, 0.03},
                                                 {-0.105, 0.1}}};
/// from the middle between the shoulders, shoulders 0.34 m apart: right half of the rib cage from the front, z and y
constexpr std::array<Outline2, 8> kRibsFront{{{0.03, 0.025},
                                              {0.085, 0.0},
                                              {0.12, -0.06},
                                              {0.138, -0.15},
                                              {0.138, -0.23},
                                              {0.115, -0.29},
                                              {0.07, -0.25},
                                              {0.02, -0.2}}};
/// the rib cage from the right, x and y
constexpr std::array<Outline2, 10> kRibsRight{{{-0.045, 0.045},
                                               {-0.095, -0.04},
                                               {-0.115, -0.13},
                                               {-0.11, -0.22},
                                               {-0.08, -0.29},
                                               {0.0, -0.275},
                                               {0.07, -0.23},
                                               {0.09, -0.14},
                                               {0.065, -0.04},
                                               {0.02, 0.01}}};
constexpr double kHipDistance = 0.158, kShoulderDistance = 0.34;

int find_body(const Model& model, const std::string& name) {
  for (std::size_t b = 1; b < model.bodies.size(); ++b)
    if (model.bodies[b].name == name) return static_cast<int>(b);
  return -1;
}

/// a place and a direction with a size: where an outline is put
struct BonePlacement {
  Vec3d origin_W;
  Mat3<double> R_WB;
  double scale = 1;
  Vec3d at(double x, double y, double z) const { return origin_W + scale * (R_WB * Vec3d{x, y, z}); }
};

/// between a pair of joint centres, turned as `body`
std::optional<BonePlacement> find_middle(const Kinematics<double>& kin, int body, int right_child, int left_child,
                                         double usual_distance) {
  if (body < 0 || right_child < 0 || left_child < 0) return std::nullopt;
  const Vec3d p_R = kin.p_WM_W[static_cast<std::size_t>(right_child - 1)],
              p_L = kin.p_WM_W[static_cast<std::size_t>(left_child - 1)];
  const double distance = norm(p_R - p_L);
  if (!(distance > 0.02)) return std::nullopt;
  return BonePlacement{0.5 * (p_R + p_L), kin.X_WB[static_cast<std::size_t>(body)].R, distance / usual_distance};
}

template <std::size_t count>
void add_front_outline(const std::array<Outline2, count>& half, const BonePlacement& place, double x,
                       std::vector<BoneShape>& shapes) {
  BoneShape shape{{}, true, 0, FigureView::front};
  for (std::size_t i = 0; i < count; ++i) shape.points_W.push_back(place.at(x, half[i].up, half[i].along));
  for (std::size_t i = count; i-- > 0;) shape.points_W.push_back(place.at(x, half[i].up, -half[i].along));
  shapes.push_back(std::move(shape));
}

template <std::size_t count>
void add_right_outline(const std::array<Outline2, count>& outline, const BonePlacement& place,
                       std::vector<BoneShape>& shapes) {
  BoneShape shape{{}, true, 0, FigureView::right};
  for (const Outline2& p : outline) shape.points_W.push_back(place.at(p.along, p.up, 0));
  shapes.push_back(std::move(shape));
}

/// head with a nose, so that one sees where it looks, neck and collar bones
void add_head(const BonePlacement& shoulders, std::vector<BoneShape>& shapes) {
  const auto add_line = [&](std::vector<Vec3d> points) { shapes.push_back({std::move(points), false, 0}); };
  add_line({shoulders.at(-0.045, 0.045, 0), shoulders.at(-0.01, 0.12, 0)});
  add_line({shoulders.at(0, 0, 0.5 * kShoulderDistance), shoulders.at(0.03, 0.012, 0.03),
            shoulders.at(0.03, 0.012, -0.03), shoulders.at(0, 0, -0.5 * kShoulderDistance)});
  BoneShape front{{}, true, 0, FigureView::front}, right{{}, true, 0, FigureView::right};
  for (int i = 0; i < 36; ++i) {
    const double angle = 2 * std::numbers::pi * i / 36;
    front.points_W.push_back(shoulders.at(0.015, 0.2 + 0.11 * std::cos(angle), 0.075 * std::sin(angle)));
    const double nose = i == 10 ? 0.022 : 0.0;
    right.points_W.push_back(shoulders.at(0.015 + 0.095 * std::sin(angle) + nose, 0.2 + 0.11 * std::cos(angle), 0));
  }
  shapes.push_back(std::move(front));
  shapes.push_back(std::move(right));
}

/// ankle, heel, ball and tip of the foot
void add_foot(const Model& model, const Kinematics<double>& kin, char side, std::vector<BoneShape>& shapes) {
  const std::string mark = std::string("_") + side;
  const int talus = find_body(model, "talus" + mark), calcn = find_body(model, "calcn" + mark),
            toes = find_body(model, "toes" + mark);
  if (talus < 0 || calcn < 0) return;
  const Posed& X_WC = kin.X_WB[static_cast<std::size_t>(calcn)];
  const Vec3d ankle = kin.p_WM_W[static_cast<std::size_t>(talus - 1)];
  const double size = toes < 0 ? 1 : norm(kin.p_WM_W[static_cast<std::size_t>(toes - 1)] - X_WC.p) / 0.18;
  const auto on_heel = [&](double x, double y) { return X_WC * Vec3d{size * x, size * y, 0}; };
  BoneShape foot{{ankle, on_heel(-0.012, 0.03), on_heel(-0.004, 0.0)}, true, side};
  if (toes < 0) {
    foot.points_W.insert(foot.points_W.end(), {on_heel(0.24, 0.0), on_heel(0.24, 0.015)});
  } else {
    const Posed& X_WT = kin.X_WB[static_cast<std::size_t>(toes)];
    foot.points_W.insert(foot.points_W.end(), {on_heel(0.18, -0.004), X_WT * Vec3d{size * 0.065, size * -0.002, 0},
                                               X_WT * Vec3d{size * 0.06, size * 0.014, 0}});
  }
  foot.points_W.push_back(on_heel(0.12, 0.045));
  shapes.push_back(std::move(foot));
}

/// hip, neck, trochanter, knee
void add_femur(const Model& model, const Kinematics<double>& kin, char side, std::vector<BoneShape>& shapes) {
  const std::string mark = std::string("_") + side;
  const int femur = find_body(model, "femur" + mark), tibia = find_body(model, "tibia" + mark);
  if (femur < 0 || tibia < 0) return;
  const Posed& X_WF = kin.X_WB[static_cast<std::size_t>(femur)];
  const Vec3d hip = kin.p_WM_W[static_cast<std::size_t>(femur - 1)],
              knee = kin.p_WM_W[static_cast<std::size_t>(tibia - 1)];
  const double size = norm(hip - knee) / 0.42, out = side == 'r' ? 1 : -1;
  const auto from_hip = [&](double x, double y, double z) { return hip + size * (X_WF.R * Vec3d{x, y, out * z}); };
  shapes.push_back({{hip, from_hip(-0.005, -0.02, 0.05), from_hip(0.0, -0.07, 0.045), knee}, false, side});
}

}  // namespace

char find_side(const std::string& name) {
  if (name.size() < 3 || name[name.size() - 2] != '_') return 0;
  return name.back() == 'r' || name.back() == 'l' ? name.back() : char{0};
}

std::vector<BoneShape> make_bone_shapes(const Model& model, const Kinematics<double>& kin) {
  std::vector<BoneShape> shapes;
  const int pelvis = find_body(model, "pelvis"), torso = find_body(model, "torso");
  const auto hips = find_middle(kin, pelvis, find_body(model, "femur_r"), find_body(model, "femur_l"), kHipDistance);
  auto shoulders =
      find_middle(kin, torso, find_body(model, "humerus_r"), find_body(model, "humerus_l"), kShoulderDistance);
  if (!shoulders && torso > 0) {
    // a trunk without arms: shoulders above its mass centre, which lies 0.32 m above the back joint in OpenSim's bodies
    const Body& body = model.bodies[static_cast<std::size_t>(torso)];
    const Posed& X_WT = kin.X_WB[static_cast<std::size_t>(torso)];
    const double scale = body.p_BBcm_B.y / 0.32;
    if (scale > 0.3) shoulders = BonePlacement{X_WT * Vec3d{0, 0.37 * scale, 0}, X_WT.R, scale};
  }
  if (shoulders) {
    add_front_outline(kRibsFront, *shoulders, 0, shapes);
    add_right_outline(kRibsRight, *shoulders, shapes);
    add_head(*shoulders, shapes);
    const Vec3d lowest = kin.p_WM_W[static_cast<std::size_t>(torso - 1)];
    shapes.push_back(
        {{lowest, shoulders->at(-0.09, -0.2, 0), shoulders->at(-0.09, -0.08, 0), shoulders->at(-0.045, 0.045, 0)},
         false,
         0});
  }
  if (hips) {
    add_front_outline(kPelvisFront, *hips, 0, shapes);
    add_right_outline(kPelvisRight, *hips, shapes);
  }

  // joint to joint for all that has no outline of its own
  std::vector<bool> has_child(model.bodies.size(), false);
  const auto starts_with = [](const std::string& name, const char* start) { return name.rfind(start, 0) == 0; };
  for (std::size_t j = 0; j < model.joints.size(); ++j) {
    const std::size_t parent = static_cast<std::size_t>(model.joints[j].parent_body);
    has_child[parent] = true;
    if (parent == 0) continue;
    const std::string &from = model.bodies[parent].name, &to = model.bodies[j + 1].name;
    const bool in_pelvis = hips && (from == "pelvis" || starts_with(from, "hip_bone"));
    const bool in_trunk = shoulders && from == "torso";
    const bool in_foot = starts_with(from, "talus") || starts_with(from, "calcn");
    if (in_pelvis || in_trunk || in_foot || starts_with(from, "femur")) continue;
    const Vec3d a = kin.p_WM_W[parent - 1], b = kin.p_WM_W[j];
    if (norm(a - b) > 1e-4) shapes.push_back({{a, b}, false, find_side(to)});
  }
  for (std::size_t b = 1; b < model.bodies.size(); ++b) {
    const std::string& name = model.bodies[b].name;
    const bool drawn = starts_with(name, "toes") || starts_with(name, "patella") || starts_with(name, "calcn") ||
                       (shoulders && name == "torso") || (hips && name == "pelvis");
    if (has_child[b] || drawn || model.bodies[b].mass < 1e-3) continue;
    const Vec3d end = kin.X_WB[b] * (1.4 * model.bodies[b].p_BBcm_B);
    shapes.push_back({{kin.p_WM_W[b - 1], end}, false, find_side(name)});
  }
  for (const char side : {'l', 'r'}) {
    add_femur(model, kin, side, shapes);
    add_foot(model, kin, side, shapes);
  }
  return shapes;
}

}  // namespace buttress
