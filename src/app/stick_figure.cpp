#include "app/stick_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/svg_chart.h"

namespace buttress {

namespace {

struct Segment {
  Vec3d from, to;
  double activation = -1;  ///< -1 = bone, -2 = external force
};

/// joint centre to joint centre along the tree, and to the mass centre of bodies at the ends
std::vector<Segment> find_bones(const Model& model, const Kinematics<double>& kin) {
  std::vector<Segment> bones;
  std::vector<bool> has_child(model.bodies.size(), false);
  for (std::size_t j = 0; j < model.joints.size(); ++j) {
    const std::size_t parent = static_cast<std::size_t>(model.joints[j].parent_body);
    has_child[parent] = true;
    if (parent > 0) bones.push_back({kin.p_WM_W[parent - 1], kin.p_WM_W[j], -1});
  }
  for (std::size_t b = 1; b < model.bodies.size(); ++b)
    if (!has_child[b]) bones.push_back({kin.p_WM_W[b - 1], kin.X_WB[b] * model.bodies[b].p_BBcm_B, -1});
  return bones;
}

std::vector<Segment> find_muscles(const ChainPlan& plan, const Kinematics<double>& kin, const double* q,
                                  const double* activation) {
  std::vector<Segment> muscles;
  for (std::size_t c = 0; c < plan.columns.size(); ++c) {
    if (plan.columns[c].muscle < 0) continue;
    const Muscle& muscle = plan.model->muscles[static_cast<std::size_t>(plan.columns[c].muscle)];
    const Path& path = plan.model->paths[static_cast<std::size_t>(muscle.path)];
    std::vector<Vec3d> points;
    for (const PathPoint& p : path.points) {
      if (p.kind == PathPointKind::conditional) {
        const double value = q[p.coordinate];
        if (value < p.range_min || value > p.range_max) continue;
      }
      Vec3d p_B = p.p_B;
      if (p.kind == PathPointKind::moving) {
        double at[3];
        for (int i = 0; i < 3; ++i)
          at[i] = evaluate(p.moving[i].function, p.moving[i].coordinate < 0 ? 0.0 : q[p.moving[i].coordinate]).f;
        p_B = p.X_BF * Vec3d{at[0], at[1], at[2]};
      }
      points.push_back(kin.X_WB[static_cast<std::size_t>(p.body)] * p_B);
    }
    for (std::size_t i = 1; i < points.size(); ++i)
      muscles.push_back({points[i - 1], points[i], std::clamp(activation[c], 0.0, 1.0)});
  }
  // the busiest on top
  std::stable_sort(muscles.begin(), muscles.end(),
                   [](const Segment& a, const Segment& b) { return a.activation < b.activation; });
  return muscles;
}

std::vector<Segment> find_forces(const ChainPlan& plan, const double* loads) {
  std::vector<Segment> forces;
  // a body weight is drawn 0.6 m long
  const double scale = 0.6 / (plan.model->total_mass * 9.81);
  for (std::size_t i = 0; i < plan.loads.size(); ++i) {
    const double* v = loads + i * 9;
    const Vec3d force{v[0], v[1], v[2]}, point{v[3], v[4], v[5]};
    if (dot(force, force) > 1) forces.push_back({point, point + scale * force, -2});
  }
  return forces;
}

std::string colour_of(double activation) {
  // pale rose to deep red
  const auto mix = [&](double a, double b) { return static_cast<int>(std::lround(a + (b - a) * activation)); };
  return fmt::format("rgb({},{},{})", mix(232, 165), mix(205, 0), mix(200, 25));
}

}  // namespace

std::string make_stick_figure_svg(const ChainPlan& plan, const double* q, const double* activation, const double* loads,
                                  const std::string& title) {
  const Model& model = *plan.model;
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, q, kin);
  std::vector<Segment> segments;
  if (activation) segments = find_muscles(plan, kin, q, activation);
  for (const Segment& s : find_bones(model, kin)) segments.push_back(s);
  if (loads)
    for (const Segment& s : find_forces(plan, loads)) segments.push_back(s);

  // world x forward, y up, z to the right: from the front the body's right is at the left of the picture
  struct View {
    const char* name;
    double (*across)(const Vec3d&);
  };
  const View views[] = {{"from the front", [](const Vec3d& p) { return -p.z; }},
                        {"from the right", [](const Vec3d& p) { return p.x; }}};
  const double panel = 230, height = 460, margin = 24;
  std::string svg = fmt::format(
      "<svg class=\"figure\" viewBox=\"0 0 {} {}\" role=\"img\" "
      "xmlns=\"http://www.w3.org/2000/svg\"><title>{}</title>\n",
      2 * panel, height, escape_html(title));
  double low = 1e9, high = -1e9;
  for (const Segment& s : segments)
    for (const Vec3d& p : {s.from, s.to}) low = std::min(low, p.y), high = std::max(high, p.y);
  const double scale = (height - 2 * margin) / std::max(0.1, high - low);
  for (int v = 0; v < 2; ++v) {
    double least = 1e9, most = -1e9;
    for (const Segment& s : segments)
      for (const Vec3d& p : {s.from, s.to})
        least = std::min(least, views[v].across(p)), most = std::max(most, views[v].across(p));
    const double middle = panel * (v + 0.5) - scale * (least + most) / 2;
    const auto x = [&](const Vec3d& p) { return middle + scale * views[v].across(p); };
    const auto y = [&](const Vec3d& p) { return height - margin - scale * (p.y - low); };
    svg +=
        fmt::format("<g><text x=\"{:.0f}\" y=\"14\" text-anchor=\"middle\" font-size=\"12\" fill=\"#666\">{}</text>\n",
                    panel * (v + 0.5), views[v].name);
    for (const Segment& s : segments) {
      const bool bone = s.activation == -1, force = s.activation == -2;
      svg += fmt::format(
          "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" stroke-width=\"{:.1f}\" "
          "stroke-linecap=\"round\"{}/>\n",
          x(s.from), y(s.from), x(s.to), y(s.to),
          bone    ? "#334"
          : force ? "#0a7d4f"
                  : colour_of(s.activation),
          bone    ? 3.0
          : force ? 4.0
                  : 0.8 + 2.5 * s.activation,
          bone ? " opacity=\"0.75\"" : "");
    }
    svg += "</g>\n";
  }
  return svg + "</svg>\n";
}

}  // namespace buttress
