#pragma once
#include "muscle/path_context.h"
#include "muscle/wrap_object.h"
#include "simd/dual.h"

/// Paths over two or more wrap objects. OpenSim threads them step by step, each step depending on the last, so the
/// control flow is scalar and only the geometry is vectorised: all lanes follow the first one, and those that would
/// have decided otherwise drop out and are done again afterwards.
namespace buttress {

namespace detail {

/// the lanes that have decided alike so far
template <class T>
struct LaneGroup {
  Mask<T> lanes;
  std::size_t leader = 0;

  explicit LaneGroup(Mask<T> waiting) : lanes(waiting) {
    while (!get_lane(waiting, leader)) ++leader;
  }
  bool decide(Mask<T> yes) {
    const bool leaders = get_lane(yes, leader);
    lanes = lanes && (leaders ? yes : !yes);
    return leaders;
  }
};

/// the points of the path as it stands: a path point by its index, the first and second point of wrap w as
/// -1 - 2w and -2 - 2w
struct PathThread {
  int node[kMostWrappedPoints];
  int count = 0;

  static int first_of(int wrap) { return -1 - 2 * wrap; }
  static bool is_wrap(int n) { return n < 0; }
  static int wrap_of(int n) { return (-1 - n) / 2; }
  static bool is_first(int n) { return (-1 - n) % 2 == 0; }
  void remove(int wrap) {
    int kept = 0;
    for (int k = 0; k < count; ++k)
      if (!is_wrap(node[k]) || wrap_of(node[k]) != wrap) node[kept++] = node[k];
    count = kept;
  }
  void insert(int position, int wrap) {
    for (int k = count - 1; k >= position; --k) node[k + 2] = node[k];
    node[position] = first_of(wrap);
    node[position + 1] = first_of(wrap) - 1;
    count += 2;
  }
  int find(int n) const {
    for (int k = 0; k < count; ++k)
      if (node[k] == n) return k;
    return -1;
  }
  bool is_surface(int k) const { return is_wrap(node[k]) && is_first(node[k]); }  ///< k to k + 1 lies on an object
};

/// where the path touches one object, in the world, when it comes from one node and goes to another
template <class T>
struct WrapPlace {
  Vec3<T> r1, r2;
  T arc;
  Mask<T> is_geodesic;
  int from, to;
};

/// one path with its geometry in any number type
template <class T>
struct WrappedPath {
  const Model& model;
  const Path& path;
  Vec3<T> point_W[kMostWrappedPoints];
  Pose<T> X_WS[kMostWrappedPoints / 2];
  WrapPlace<T> place[kMostWrappedPoints / 2];
  bool is_active[kMostWrappedPoints];
  PathThread thread;
  WrapOutcome<T> outcome;
  /// PathRule::opensim: straight pieces go between the points at which each object was first touched
  bool keeps_first_places = false;
  WrapPlace<T> first_place[kMostWrappedPoints / 2];
  bool has_first_place[kMostWrappedPoints / 2] = {};

  WrappedPath(const Model& the_model, const Path& the_path) : model(the_model), path(the_path) {}

  const WrapObject& object(int wrap) const { return model.wrap_objects[at(path.wraps[at(wrap)].wrap_object)]; }
  const Vec3<T>& where(int n) const {
    if (!PathThread::is_wrap(n)) return point_W[n];
    const WrapPlace<T>& p = place[PathThread::wrap_of(n)];
    return PathThread::is_first(n) ? p.r1 : p.r2;
  }
  const WrapOutcome<T>& try_wrap(int wrap, int from, int to, Mask<T> lanes) {
    const Pose<T>& X = X_WS[wrap];
    wrap_over(object(wrap), path.wraps[at(wrap)].method, multiply_transposed(X.R, where(from) - X.p),
              multiply_transposed(X.R, where(to) - X.p), lanes, outcome);
    return outcome;
  }
  WrapPlace<T> find_place(int wrap, const WrapOutcome<T>& w, int from, int to) const {
    return {X_WS[wrap] * w.r1, X_WS[wrap] * w.r2, w.arc, w.is_geodesic, from, to};
  }
  /// where a straight piece ends at node n
  const Vec3<T>& find_end(int n) const {
    if (!PathThread::is_wrap(n) || !has_first_place[PathThread::wrap_of(n)]) return where(n);
    const WrapPlace<T>& p = first_place[PathThread::wrap_of(n)];
    return PathThread::is_first(n) ? p.r1 : p.r2;
  }
  /// length of the path as it stands; with keeps_first_places, remembers where objects are touched for the first time
  T measure_length() {
    T length(0.0);
    for (int k = 0; k < thread.count && keeps_first_places; ++k) {
      if (!thread.is_surface(k)) continue;
      const int wrap = PathThread::wrap_of(thread.node[k]);
      if (!has_first_place[wrap]) first_place[wrap] = place[wrap];
      has_first_place[wrap] = true;
    }
    for (int k = 0; k + 1 < thread.count; ++k)
      length += thread.is_surface(k) ? place[PathThread::wrap_of(thread.node[k])].arc
                                     : norm(find_end(thread.node[k + 1]) - find_end(thread.node[k]));
    return length;
  }
};

enum class WrapVerdict { none, inside, wrapped, mandatory };

/// tries one wrap object on every stretch of its range and puts it where OpenSim would
template <class T>
WrapVerdict place_wrap(WrappedPath<T>& w, int wrap, bool tell_inside, LaneGroup<T>& group) {
  PathThread& thread = w.thread;
  const PathWrap& range = w.path.wraps[at(wrap)];
  int first = range.first_point, last = range.last_point;
  while (first <= last && !w.is_active[first]) ++first;
  while (last >= first && !w.is_active[last]) --last;
  const int start = thread.find(first), end = thread.find(last);

  WrapVerdict verdict = WrapVerdict::none;
  int best = -1;
  T least(kInfinity);
  for (int k = start; k < end; ++k) {
    const int from = thread.node[k], to = thread.node[k + 1];
    if (PathThread::is_wrap(from) && PathThread::is_wrap(to) &&
        w.path.wraps[at(PathThread::wrap_of(from))].wrap_object ==
            w.path.wraps[at(PathThread::wrap_of(to))].wrap_object)
      continue;
    const WrapOutcome<T>& outcome = w.try_wrap(wrap, from, to, group.lanes);
    if (group.decide(outcome.mandatory)) {
      w.place[wrap] = w.find_place(wrap, outcome, from, to);
      best = k;
      verdict = WrapVerdict::mandatory;
      break;
    }
    if (group.decide(outcome.wrapped)) {
      verdict = WrapVerdict::wrapped;
      const T change = outcome.length - norm(w.where(to) - w.where(from));
      if (group.decide(change < least)) {
        w.place[wrap] = w.find_place(wrap, outcome, from, to);
        best = k;
        least = change;
      }
    } else {
      verdict = tell_inside && group.decide(outcome.inside) ? WrapVerdict::inside : WrapVerdict::none;
    }
  }
  if (best >= 0) thread.insert(best + 1, wrap);
  return verdict;
}

/// GeometryPath::applyWrapObjects: returns the length
template <class T>
T thread_path(WrappedPath<T>& w, LaneGroup<T>& group) {
  PathThread& thread = w.thread;
  thread.count = 0;
  for (int i = 0; i < static_cast<int>(w.path.points.size()); ++i)
    if (w.is_active[i]) thread.node[thread.count++] = i;

  const int wraps = static_cast<int>(w.path.wraps.size());
  int order[kMostWrappedPoints / 2];
  for (int i = 0; i < wraps; ++i) order[i] = i;
  T last_length(0.0);
  for (int pass = 0; pass < 8; ++pass) {
    WrapVerdict verdict[kMostWrappedPoints / 2] = {};
    for (int i = 0; i < wraps; ++i) {
      const PathWrap& range = w.path.wraps[at(order[i])];
      bool any_active = false;
      for (int k = range.first_point; k <= range.last_point; ++k) any_active = any_active || w.is_active[k];
      if (!any_active) return w.measure_length();
      thread.remove(order[i]);
      verdict[i] = place_wrap(w, order[i], pass == 0 && i < 2, group);
    }
    // the first object missed and the second was entered: the other way round
    const bool turn_round = pass == 0 && verdict[0] == WrapVerdict::none && verdict[1] == WrapVerdict::inside;
    if (pass == 0 && !turn_round) {
      // the next pass would repeat this one when none but the first object was found
      bool any_later = false;
      for (int i = 1; i < wraps; ++i) any_later = any_later || thread.find(PathThread::first_of(i)) >= 0;
      if (!any_later) return w.measure_length();
    }
    const T length = w.measure_length();
    if (pass > 0 && group.decide(abs(length - last_length) < T(0.0005))) return length;
    last_length = length;
    if (turn_round) {
      order[0] = 1;
      order[1] = 0;
      thread.remove(0);
    }
  }
  return last_length;
}

/// Pulls the path straight between objects that follow each other, and where an object has gone since its neighbour
/// was laid. False when an object let go, or when the path
/// is not a geodesic on one of them; the places are then of no use.
template <class T>
bool tighten(WrappedPath<T>& w, LaneGroup<T>& group) {
  const PathThread& thread = w.thread;
  bool is_loose = false;
  for (int k = 0; k + 1 < thread.count; ++k) {
    if (!thread.is_surface(k)) continue;
    const int wrap = PathThread::wrap_of(thread.node[k]);
    const WrapKind kind = w.object(wrap).kind;
    if (kind != WrapKind::cylinder && kind != WrapKind::sphere) return false;
    if (!group.decide(w.place[wrap].is_geodesic)) return false;
    const int from = thread.node[k - 1], to = thread.node[k + 2];
    is_loose = is_loose || PathThread::is_wrap(from) || PathThread::is_wrap(to) || w.place[wrap].from != from ||
               w.place[wrap].to != to;
  }
  if (!is_loose) return true;
  bool last = false;
  T moved(0.0);
  for (int pass = 0; pass < 100; ++pass) {
    moved = T(0.0);
    for (int k = 0; k + 1 < thread.count; ++k) {
      if (!thread.is_surface(k)) continue;
      const int wrap = PathThread::wrap_of(thread.node[k]);
      const int from = thread.node[k - 1], to = thread.node[k + 2];
      const WrapOutcome<T>& outcome = w.try_wrap(wrap, from, to, group.lanes);
      if (!group.decide(outcome.any() && outcome.is_geodesic)) return false;
      const WrapPlace<T> place = w.find_place(wrap, outcome, from, to);
      const Vec3<T> d1 = place.r1 - w.place[wrap].r1, d2 = place.r2 - w.place[wrap].r2;
      moved = max(moved, max(dot(d1, d1), dot(d2, d2)));
      w.place[wrap] = place;
    }
    // one pass more after convergence, so that derivatives carried along converge too
    if (last) return true;
    last = !any(group.lanes && moved > T(1e-24));
  }
  return group.decide(moved <= T(1e-24));
}

/// pulls along the straight pieces of a tightened path, or of OpenSim's
template <class T>
void add_tight_pulls(PathContext<T>& c, const WrappedPath<T>& w, Mask<T> lanes) {
  const PathThread& thread = w.thread;
  const auto find_entry = [&](int n) {
    if (PathThread::is_wrap(n)) return c.recipe.wrap_entries[at(PathThread::wrap_of(n))];
    const int body = c.path.points[at(n)].body;
    int entry = c.recipe.first_touched;
    while (c.plan.touched_body[at(entry)] != body) ++entry;
    return entry;
  };
  const auto is_fixed = [&](int n) {
    return PathThread::is_wrap(n) || c.path.points[at(n)].kind != PathPointKind::moving;
  };
  for (int k = 0; k + 1 < thread.count; ++k) {
    const int from = thread.node[k], to = thread.node[k + 1], a = find_entry(from), b = find_entry(to);
    const bool is_rigid = thread.is_surface(k) || (a == b && is_fixed(from) && is_fixed(to));
    if (is_rigid && !w.keeps_first_places) continue;
    const Vec3<T>& P = w.find_end(from);
    const Vec3<T> u = select<T>(lanes, find_straight(P, w.find_end(to)).u, zero3<T>());
    // OpenSim takes directions from the places that it remembers in the ground, but pulls at the places on the objects,
    // which are those of the last pass: the two ends pull along different lines. Pieces on one body do not pull, but
    // they count in the rate of the length, as if such a body could turn in itself.
    const Vec3<T> moment_a = cross(w.keeps_first_places ? w.where(from) : P, u);
    const Vec3<T> moment_b = w.keeps_first_places ? cross(w.where(to), u) : moment_a;
    if (is_rigid) {
      c.ws.rigid_moment[at(a)] += moment_a - moment_b;
      continue;
    }
    c.ws.body_wrench[at(a)].force += u;
    c.ws.body_wrench[at(a)].moment += moment_a;
    c.ws.body_wrench[at(b)].force -= u;
    c.ws.body_wrench[at(b)].moment -= moment_b;
    if (!is_fixed(from)) c.ws.moving_force_W[at(from)] += u;
    if (!is_fixed(to)) c.ws.moving_force_W[at(to)] -= u;
  }
}

/// unit twist of a body about the world origin: the velocity of a point is v + w x p
template <class T>
struct Twist {
  Vec3<T> v, w;
};
template <class T>
Vec3<Dual<T>> carry_along(const Vec3<T>& p, const Vec3<T>& rate) {
  return {Dual<T>(p.x, rate.x), Dual<T>(p.y, rate.y), Dual<T>(p.z, rate.z)};
}

/// The pulls of a path that is not a geodesic: minus the exact slopes of its length along the six twists of every
/// body it touches and along every moving point.
template <class T>
void add_slope_pulls(PathContext<T>& c, const WrappedPath<T>& w, Mask<T> lanes) {
  const T zero(0.0), one(1.0);
  WrappedPath<Dual<T>> moved(c.model, c.path);
  const auto find_slope = [&](int body, int point, const Twist<T>& twist) {
    for (std::size_t i = 0; i < c.path.points.size(); ++i) {
      const Vec3<T>& p = w.point_W[i];
      const bool moves = point < 0 ? c.path.points[i].body == body : static_cast<int>(i) == point;
      moved.point_W[i] = carry_along(p, moves ? twist.v + cross(twist.w, p) : zero3<T>());
      moved.is_active[i] = w.is_active[i];
    }
    for (std::size_t i = 0; i < c.path.wraps.size(); ++i) {
      const Pose<T>& X = w.X_WS[i];
      const bool moves = point < 0 && w.object(static_cast<int>(i)).body == body;
      moved.X_WS[i].p = carry_along(X.p, moves ? twist.v + cross(twist.w, X.p) : zero3<T>());
      for (int k = 0; k < 3; ++k) {
        const Vec3<T> axis = X.R.column(k), rate = moves ? cross(twist.w, axis) : zero3<T>();
        moved.X_WS[i].R.m[0][k] = Dual<T>(axis.x, rate.x);
        moved.X_WS[i].R.m[1][k] = Dual<T>(axis.y, rate.y);
        moved.X_WS[i].R.m[2][k] = Dual<T>(axis.z, rate.z);
      }
    }
    LaneGroup<Dual<T>> group(lanes);
    return select(lanes, thread_path(moved, group).d, zero);
  };
  const Vec3<T> none = zero3<T>(), unit[3] = {{one, zero, zero}, {zero, one, zero}, {zero, zero, one}};
  for (int entry = c.recipe.first_touched; entry < c.recipe.first_touched + c.recipe.touched_count; ++entry) {
    const int body = c.plan.touched_body[at(entry)];
    Wrench<T>& pull = c.ws.body_wrench[at(entry)];
    pull.force -= Vec3<T>{find_slope(body, -1, {unit[0], none}), find_slope(body, -1, {unit[1], none}),
                          find_slope(body, -1, {unit[2], none})};
    pull.moment -= Vec3<T>{find_slope(body, -1, {none, unit[0]}), find_slope(body, -1, {none, unit[1]}),
                           find_slope(body, -1, {none, unit[2]})};
  }
  for (int i : c.recipe.moving_points)
    c.ws.moving_force_W[at(i)] -= Vec3<T>{find_slope(-1, i, {unit[0], none}), find_slope(-1, i, {unit[1], none}),
                                          find_slope(-1, i, {unit[2], none})};
}

template <class T>
T add_with_several_wraps(PathContext<T>& c) {
  WrappedPath<T> w(c.model, c.path);
  for (std::size_t i = 0; i < c.path.points.size(); ++i) w.point_W[i] = c.ws.point_W[i];
  for (std::size_t i = 0; i < c.path.wraps.size(); ++i) w.X_WS[i] = c.ws.X_WS[at(c.path.wraps[i].wrap_object)];
  T length(0.0);
  Mask<T> waiting = all_lanes<T>();
  while (any(waiting)) {
    LaneGroup<T> group(waiting);
    for (std::size_t i = 0; i < c.path.points.size(); ++i)
      w.is_active[i] = c.path.points[i].kind != PathPointKind::conditional || group.decide(c.ws.is_active[i].m);
    w.keeps_first_places = c.plan.rule == PathRule::opensim;
    for (bool& known : w.has_first_place) known = false;
    T threaded = thread_path(w, group);
    if (w.keeps_first_places) {
      add_tight_pulls(c, w, group.lanes);
    } else if (tighten(w, group)) {
      threaded = w.measure_length();
      add_tight_pulls(c, w, group.lanes);
    } else {
      add_slope_pulls(c, w, group.lanes);
    }
    length = select(group.lanes, threaded, length);
    waiting = waiting && !group.lanes;
  }
  return length;
}

}  // namespace detail

}  // namespace buttress
