#include "view/stick_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "view/figure_labels.h"
#include "view/stick_figure_bones.h"
#include "view/stick_figure_scene.h"
#include "view/svg_chart.h"

namespace buttress {

namespace {

/// from the world to the paper
struct Projection {
  FigureView view = FigureView::front;
  Vec3d forward, right;
  double x0 = 0, y0 = 0, scale = 1;
  double across(const Vec3d& p) const { return view == FigureView::front ? -dot(p, right) : dot(p, forward); }
  double x(const Vec3d& p) const { return x0 + scale * across(p); }
  double y(const Vec3d& p) const { return y0 - scale * p.y; }
};

std::string make_points(const std::vector<Vec3d>& points, const Projection& to) {
  std::string text;
  for (const Vec3d& p : points) text += fmt::format("{:.1f},{:.1f} ", to.x(p), to.y(p));
  if (!text.empty()) text.pop_back();
  return text;
}

std::string make_bone(const BoneShape& bone, const Projection& to) {
  const std::string points = make_points(bone.points_W, to);
  if (bone.closed)
    return fmt::format("<polygon points=\"{}\" fill=\"#efebe0\" stroke=\"#8b8472\" stroke-width=\"1.2\"/>\n", points);
  // a dark line under a light one: a bone with an edge
  return fmt::format(
      "<polyline points=\"{0}\" stroke=\"#8b8472\" stroke-width=\"7\"/><polyline points=\"{0}\" stroke=\"#f4f0e6\" "
      "stroke-width=\"4.8\"/>\n",
      points);
}

std::string make_muscle_style(double activation) {
  // pale rose to deep red, and thin to thick, so that it reads without colour too
  const auto mix = [&](double a, double b) { return static_cast<int>(std::lround(a + (b - a) * activation)); };
  return fmt::format("stroke=\"#{:02x}{:02x}{:02x}\" stroke-width=\"{:.1f}\" stroke-opacity=\"{:.2f}\"", mix(206, 145),
                     mix(140, 0), mix(134, 24), 0.7 + 3.9 * activation, std::min(1.0, 0.38 + 2.2 * activation));
}

std::string make_muscle(const MuscleLine& muscle, const Projection& to) {
  return fmt::format("<polyline points=\"{}\" {}/>\n", make_points(muscle.points_W, to),
                     make_muscle_style(muscle.activation));
}

/// a line with a head from (x1, y1) to (x2, y2)
std::string make_arrow(double x1, double y1, double x2, double y2) {
  const double length = std::hypot(x2 - x1, y2 - y1);
  if (length < 8) return {};
  const double ux = (x2 - x1) / length, uy = (y2 - y1) / length, head = 11, half = 5;
  const double bx = x2 - head * ux, by = y2 - head * uy;
  const std::string line = fmt::format("x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"", x1, y1, bx, by);
  return fmt::format(
      "<line {0} stroke=\"#fff\" stroke-width=\"5.5\"/><line {0} stroke=\"#04653c\" stroke-width=\"3\"/>"
      "<polygon points=\"{1:.1f},{2:.1f} {3:.1f},{4:.1f} {5:.1f},{6:.1f}\" fill=\"#04653c\" stroke=\"#fff\" "
      "stroke-width=\".8\"/>\n",
      line, x2, y2, bx - half * uy, by + half * ux, bx + half * uy, by - half * ux);
}

std::string make_text(double x, double y, const char* anchor, int size, const std::string& text) {
  return fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" font-size=\"{}\" fill=\"#30353d\" stroke=\"#fff\" "
      "stroke-width=\"3\" paint-order=\"stroke\">{}</text>\n",
      x, y, anchor, size, escape_html(text));
}

/// a block down to the floor for a level surface, a board for any other; not beyond the panel from `left` to `right`,
/// nor over its words
std::string make_surface(const SurfaceShape& surface, const Projection& to, double left, double right, double floor_y) {
  constexpr double kHighest = 46;
  double x[2] = {1e9, -1e9}, top = 1e9;
  std::string corners;
  for (const Vec3d& p : surface.corners_W) {
    const double at = std::clamp(to.x(p), left, right), y = std::max(kHighest, to.y(p));
    x[0] = std::min(x[0], at), x[1] = std::max(x[1], at), top = std::min(top, y);
    corners += fmt::format("{:.1f},{:.1f} ", at, y);
  }
  if (!surface.is_level)
    return fmt::format("<polygon points=\"{}\" fill=\"#e3e6ea\" stroke=\"#7b828d\" stroke-width=\"2\"/>\n", corners);
  return fmt::format(
      "<rect x=\"{0:.1f}\" y=\"{1:.1f}\" width=\"{2:.1f}\" height=\"{3:.1f}\" fill=\"#eef0f3\" stroke=\"#c5cad2\"/>"
      "<line x1=\"{0:.1f}\" x2=\"{4:.1f}\" y1=\"{1:.1f}\" y2=\"{1:.1f}\" stroke=\"#7b828d\" stroke-width=\"1.5\"/>\n",
      x[0], top, x[1] - x[0], std::max(0.0, floor_y - top), x[1]);
}

/// what is drawn in one panel
struct Scene {
  const std::vector<BoneShape>* bones = nullptr;
  const std::vector<MuscleLine>* muscles = nullptr;
  const std::vector<ForceArrow>* forces = nullptr;
};

/// from the side the far leg comes first and fainter; from the front all bones lie under all muscles
std::string make_body(const Scene& scene, const Projection& to) {
  std::string svg;
  const auto add = [&](char side, bool any_side) {
    for (const BoneShape& bone : *scene.bones)
      if ((any_side || bone.side == side) && (bone.view == FigureView::both || bone.view == to.view))
        svg += make_bone(bone, to);
    for (const MuscleLine& muscle : *scene.muscles)
      if (any_side || muscle.side == side) svg += make_muscle(muscle, to);
  };
  if (to.view == FigureView::front) {
    add(0, true);
    return svg;
  }
  svg += "<g opacity=\".4\">\n";
  add('l', false);
  svg += "</g>\n";
  add(0, false);
  add('r', false);
  return svg;
}

/// what the colours and the arrow mean, in a line of `width` at `y`
std::string make_legend(double width, double y, bool with_muscles, bool with_forces) {
  const double needed = (with_muscles ? 312 : 0) + (with_forces ? 96 : 0);
  double x = std::max(12.0, 0.5 * (width - needed));
  std::string svg;
  if (with_muscles) {
    svg += make_text(x, y, "start", 12, "muscle activation");
    x += 112;
    for (const int percent : {0, 25, 50, 100}) {
      svg += fmt::format("<line x1=\"{0:.0f}\" x2=\"{1:.0f}\" y1=\"{2:.0f}\" y2=\"{2:.0f}\" {3}/>\n", x, x + 16, y - 4,
                         make_muscle_style(percent / 100.0));
      svg += make_text(x + 20, y, "start", 12, percent == 100 ? "100 %" : std::to_string(percent));
      x += percent == 100 ? 62 : 44;
    }
    x += 6;
  }
  if (with_forces) svg += make_arrow(x, y + 3, x, y - 15) + make_text(x + 12, y, "start", 12, "outside force");
  return svg;
}

}  // namespace

std::string make_stick_figure_svg(const Posture& posture, const std::vector<FigureActivation>& figures,
                                  const std::string& title) {
  const Model& model = *posture.model;
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, posture.q, kin);
  const std::vector<BoneShape> bones = make_bone_shapes(model, kin);
  const std::vector<ForceArrow> forces = find_forces(posture);
  const std::vector<SurfaceShape> surfaces = find_surfaces(posture.surfaces);
  const Vec3d forward = find_forward(model, kin), right{-forward.z, 0, forward.x};

  // the extent of all that is drawn; the floor lies under the forces, or else under the lowest bone
  double low = 1e9, high = -1e9, floor = 1e9, extent[2][2] = {{1e9, -1e9}, {1e9, -1e9}};
  const auto include = [&](const Vec3d& p) {
    low = std::min(low, p.y), high = std::max(high, p.y);
    const double across[2] = {-dot(p, right), dot(p, forward)};
    for (int v = 0; v < 2; ++v)
      extent[v][0] = std::min(extent[v][0], across[v]), extent[v][1] = std::max(extent[v][1], across[v]);
  };
  for (const BoneShape& bone : bones)
    for (const Vec3d& p : bone.points_W) include(p);
  for (const ForceArrow& force : forces)
    include(force.from_W), include(force.to_W), floor = std::min(floor, force.from_W.y);
  if (bones.empty() && forces.empty()) include({0, 0, 0});
  // a push somewhere else than under the feet is no floor
  if (!(floor < low + 0.15)) floor = low;
  // where the floor is known there it is
  if (posture.surfaces)
    for (const ContactSurface& s : posture.surfaces->surfaces)
      if (s.half_size1 > 100 && s.normal_W.y > 0.999) floor = s.p_W.y;
  low = std::min(low, floor);

  // as large as height and width allow: a body that stands is limited by the one, one that lies by the other
  const double top = 44, legend = 38, tallest = 384, widest = 420, margin = 50;
  const double across[2] = {std::max(0.1, extent[0][1] - extent[0][0]), std::max(0.1, extent[1][1] - extent[1][0])};
  const double scale = std::min(tallest / std::max(0.1, high - low), widest / (across[0] + across[1]));
  const double body_height = std::max(60.0, scale * (high - low)) + 16, height = top + body_height + legend;
  // panels as narrow as the body allows, together wide enough for the legend
  const double narrowest = figures.size() > 1 ? 165 : 215, legend_width = 430;
  double panels[2] = {std::max(scale * across[0] + margin, 150.0), std::max(scale * across[1] + margin, 150.0)};
  const double wider = std::max({0.0, 0.5 * (2 * narrowest - panels[0] - panels[1]),
                                 figures.size() > 1 ? 0.0 : 0.5 * (legend_width - panels[0] - panels[1])});
  panels[0] += wider, panels[1] += wider;
  const double figure_width = panels[0] + panels[1];
  const double width = figure_width * static_cast<double>(std::max<std::size_t>(1, figures.size()));

  std::string svg = fmt::format(
      "<svg class=\"figure\" viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\" "
      "font-family=\"system-ui,sans-serif\"><title>{2}</title><desc>The body from the front, its right on the "
      "viewer's left, and from the right. Muscles are thin and pale at rest, thick and deep red at full activation."
      "</desc>\n<rect x=\".5\" y=\".5\" width=\"{3:.0f}\" height=\"{4:.0f}\" rx=\"8\" fill=\"#fff\" "
      "stroke=\"#c5cad2\"/>\n",
      width, height, escape_html(title), width - 1, height - 1);
  const double ground = top + body_height - 8;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const std::vector<MuscleLine> muscles = find_muscles(posture, kin, figures[i].activation);
    const Scene scene{&bones, &muscles, &forces};
    const double left = figure_width * static_cast<double>(i);
    if (i > 0)
      svg += fmt::format("<line x1=\"{0:.0f}\" x2=\"{0:.0f}\" y1=\"12\" y2=\"{1:.0f}\" stroke=\"#dfe3e8\"/>\n", left,
                         top + body_height - 4);
    if (!figures[i].label.empty()) svg += make_text(left + panels[0], 19, "middle", 14, figures[i].label);
    for (int v = 0; v < 2; ++v) {
      const double from = left + (v == 0 ? 0 : panels[0]), middle = from + 0.5 * panels[v];
      Projection to{v == 0 ? FigureView::front : FigureView::right, forward, right, 0, 0, scale};
      to.x0 = middle - scale * 0.5 * (extent[v][0] + extent[v][1]);
      to.y0 = ground + scale * low;
      svg += make_text(middle, 38, "middle", 12, v == 0 ? "from the front" : "from the right");
      const double floor_y = to.y0 - scale * floor;
      for (const SurfaceShape& surface : surfaces)
        svg += make_surface(surface, to, from + 6, from + panels[v] - 6, floor_y);
      svg += fmt::format(
          "<line x1=\"{:.0f}\" x2=\"{:.0f}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#7b828d\" stroke-width=\"1.5\"/>\n",
          from + 10, from + panels[v] - 10, floor_y, floor_y);
      svg += "<g fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\">\n" + make_body(scene, to) + "</g>\n";
      std::vector<FigureLabel> labels;
      const auto write = [&](double x, double y, bool at_left, int size, const std::string& text) {
        const FigureLabel at = place_label(x, y, at_left, text.size(), size, from + 6, from + panels[v] - 6, labels);
        svg += make_text(at.left, at.baseline, "start", size, text);
      };
      if (v == 0) {
        write(left + 16, floor_y - 6, false, 12, "R");
        write(left + panels[0] - 16, floor_y - 6, true, 12, "L");
      }
      for (const ForceArrow& force : forces) {
        svg += make_arrow(to.x(force.from_W), to.y(force.from_W), to.x(force.to_W), to.y(force.to_W));
        // the number on the side of the arrow that is nearer to the edge
        const bool at_left = to.x(force.to_W) < middle;
        write(to.x(force.to_W) + (at_left ? -8 : 8), to.y(force.to_W) + 2, at_left, 11,
              fmt::format("{:.0f} N", force.size));
      }
    }
  }
  const bool with_muscles =
      std::any_of(figures.begin(), figures.end(), [](const FigureActivation& f) { return f.activation != nullptr; });
  svg += make_legend(width, height - 14, with_muscles, !forces.empty());
  return svg + "</svg>\n";
}

}  // namespace buttress
