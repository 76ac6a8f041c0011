#include "io/c3d_plates.h"

#include <cctype>
#include <cmath>
#include <limits>

#include "base/decimal.h"
#include "io/c3d_description.h"

namespace buttress {

namespace {

/// "N.mm", "N*mm", "Nmm" -> "nmm"
std::string find_letters(const std::string& unit) {
  std::string letters;
  for (char c : unit)
    if (std::isalpha(static_cast<unsigned char>(c))) letters += static_cast<char>(std::tolower(c));
  return letters;
}

/// N per unit of force; nothing for another word
std::optional<double> find_newtons_per_unit(const std::string& unit) {
  const std::string letters = find_letters(unit);
  if (letters == "n" || letters == "newton" || letters == "newtons") return 1.0;
  if (letters == "kn") return 1e3;
  if (letters == "lbf" || letters == "lb" || letters == "lbs") return 4.4482216152605;
  return std::nullopt;
}

/// N m per unit of moment; nothing for another word
std::optional<double> find_newton_metres_per_unit(const std::string& unit) {
  const std::string letters = find_letters(unit);
  if (letters.size() < 2 || letters[0] != 'n') return std::nullopt;
  return find_metres_per_unit(letters.substr(1));
}

enum class Quantity { force, moment, length };

/// what the channels of a plate of each type hold, in order
std::vector<Quantity> find_quantities(int type) {
  using enum Quantity;
  if (type == 1) return {force, force, force, length, length, moment};
  if (type == 3) return std::vector<Quantity>(8, force);
  return {force, force, force, moment, moment, moment};
}

/// Reads the parameters of one plate after the other; collects what is wrong.
class PlateMaker {
 public:
  PlateMaker(const C3dDescription& description, Diagnostics& diagnostics)
      : d_(description), diagnostics_(diagnostics) {}

  C3dPlate make(std::size_t index) {
    index_ = index;
    C3dPlate plate;
    plate.number = static_cast<int>(index) + 1;
    const C3dParameter* const types = find("TYPE");
    const double type = types && index < types->numbers.size() ? types->numbers[index] : 0;
    if (!(type == 1 || type == 2 || type == 3 || type == 4)) {
      fail("C3D-020", "TYPE", "its type is " + format_decimal(type) + "; 1, 2, 3 and 4 can be read",
           "Export forces as type 2 (force and moment), or leave the plates out.");
      return plate;
    }
    plate.type = static_cast<int>(type);
    find_channels(plate);
    find_frame(plate);
    find_origin(plate);
    if (plate.type == 4) find_calibration(plate);
    if (!has_failed_) find_units(plate);
    return plate;
  }
  bool has_failed() const { return has_failed_; }

 private:
  const C3dParameter* find(const char* name) const { return find_c3d_parameter(d_.parameters, "FORCE_PLATFORM", name); }
  std::string place(const char* name) const {
    const C3dParameter* const parameter = find(name);
    return (parameter ? "byte " + std::to_string(parameter->byte) + ": " : "") + "FORCE_PLATFORM:" + name + ", plate " +
           std::to_string(index_ + 1) + ": ";
  }
  void fail(const char* id, const char* name, const std::string& what, std::string advice) {
    has_failed_ = true;
    diagnostics_.error(id, d_.file, 0, place(name) + what, std::move(advice));
  }
  void warn(const char* id, const char* name, const std::string& what, std::string advice) {
    diagnostics_.warning(id, d_.file, 0, place(name) + what, std::move(advice));
  }

  void find_channels(C3dPlate& plate) {
    const std::size_t needed = find_quantities(plate.type).size();
    // [channels per plate x plates], continued like labels when there are many plates
    const C3dParameter* const first = find("CHANNEL");
    const auto numbers = find_c3d_numbers(d_.parameters, "FORCE_PLATFORM", "CHANNEL");
    const std::size_t stride =
        first && !first->dimensions.empty() ? static_cast<std::size_t>(first->dimensions.front()) : 0;
    if (stride < needed || numbers.size() < stride * index_ + needed) {
      fail("C3D-021", "CHANNEL",
           "a plate of type " + std::to_string(plate.type) + " needs " + std::to_string(needed) + " channels, it has " +
               std::to_string(stride),
           "Correct the plate's channels in the program that wrote the file.");
      return;
    }
    for (std::size_t i = 0; i < needed; ++i) {
      const double channel = numbers[stride * index_ + i];
      if (!(channel >= 1) || channel > static_cast<double>(d_.channel_count) || channel != std::floor(channel)) {
        fail("C3D-021", "CHANNEL",
             "it names channel " + format_decimal(channel) + "; the file has " +
                 (d_.channel_count > 0 ? "channels 1 to " + std::to_string(d_.channel_count) : "no channels"),
             "Correct the plate's channels in the program that wrote the file.");
        return;
      }
      if (!std::isfinite(d_.channels[static_cast<std::size_t>(channel) - 1].scale)) {
        fail("C3D-021", "CHANNEL", "it names channel " + format_decimal(channel) + ", whose scale is no finite number",
             "Correct ANALOG:SCALE, GEN_SCALE and OFFSET in the program that wrote the file.");
        return;
      }
      plate.channels.push_back(static_cast<std::size_t>(channel) - 1);
    }
  }

  void find_frame(C3dPlate& plate) {
    const auto numbers = find_c3d_numbers(d_.parameters, "FORCE_PLATFORM", "CORNERS");
    const char* const advice = "Give the plate's corners in the capture program, in the order of its quadrants.";
    if (numbers.size() < 12 * (index_ + 1)) {
      fail("C3D-022", "CORNERS", "there are no corners", advice);
      return;
    }
    for (std::size_t c = 0; c < 4; ++c) {
      const double* const p = numbers.data() + 12 * index_ + 3 * c;
      plate.corners_L[c] = d_.point_unit_m * Vec3<double>{p[0], p[1], p[2]};
      plate.p_LC_L += 0.25 * plate.corners_L[c];
    }
    const auto& corners = plate.corners_L;
    const Vec3<double> x = corners[0] - corners[1], y = corners[0] - corners[3], z = cross(x, y);
    // not finite, on a line, or sides that are not the same as those opposite
    const Vec3<double> gap = (corners[0] - corners[1]) - (corners[3] - corners[2]);
    const bool is_plate = norm(x) > 1e-3 && norm(y) > 1e-3 && norm(z) > 0.5 * norm(x) * norm(y) &&
                          norm(gap) < 0.2 * (norm(x) + norm(y)) && std::isfinite(norm(z));
    if (!is_plate) {
      fail("C3D-022", "CORNERS", "the corners do not make a rectangle", advice);
      return;
    }
    const Vec3<double> unit_x = (1 / norm(x)) * x, unit_z = (1 / norm(z)) * z, unit_y = cross(unit_z, unit_x);
    const Vec3<double> axes[3] = {unit_x, unit_y, unit_z};
    for (int c = 0; c < 3; ++c) {
      plate.R_LP.m[0][c] = axes[c].x;
      plate.R_LP.m[1][c] = axes[c].y;
      plate.R_LP.m[2][c] = axes[c].z;
    }
  }

  void find_origin(C3dPlate& plate) {
    const auto numbers = find_c3d_numbers(d_.parameters, "FORCE_PLATFORM", "ORIGIN");
    // type 1 gives the point on the surface itself
    if (plate.type == 1) return;
    if (numbers.size() < 3 * (index_ + 1)) {
      fail("C3D-028", "ORIGIN", "there is no origin", "Give it in the capture program; the plate's maker states it.");
      return;
    }
    const double* const p = numbers.data() + 3 * index_;
    plate.p_OC_P = d_.point_unit_m * Vec3<double>{p[0], p[1], p[2]};
    if (!std::isfinite(norm(plate.p_OC_P))) {
      fail("C3D-028", "ORIGIN", "it is not finite", "Give it in the capture program; the plate's maker states it.");
      return;
    }
    // the surface lies above the origin and z points down: a positive z is the way from C to O, a common mistake that
    // OpenSim's reader mends in the same way
    if (plate.p_OC_P.z > 0) {
      warn("C3D-024", "ORIGIN", "z is above zero, as from the surface to the origin; it is turned round",
           "C3D wants the way from the plate's origin to the centre of its surface.");
      // of type 3, x and y are distances between sensors and have no direction
      plate.p_OC_P = plate.type == 3 ? Vec3<double>{plate.p_OC_P.x, plate.p_OC_P.y, -plate.p_OC_P.z} : -plate.p_OC_P;
    }
  }

  void find_calibration(C3dPlate& plate) {
    const C3dParameter* const first = find("CAL_MATRIX");
    const auto numbers = find_c3d_numbers(d_.parameters, "FORCE_PLATFORM", "CAL_MATRIX");
    const bool is_six_by_six =
        first && first->dimensions.size() >= 2 && first->dimensions[0] >= 6 && first->dimensions[1] >= 6;
    const std::size_t rows = is_six_by_six ? static_cast<std::size_t>(first->dimensions[0]) : 0;
    const std::size_t stride = is_six_by_six ? rows * static_cast<std::size_t>(first->dimensions[1]) : 0;
    if (!is_six_by_six || numbers.size() < stride * (index_ + 1)) {
      fail("C3D-023", "CAL_MATRIX", "a plate of type 4 needs a matrix of 6 x 6 numbers",
           "Give the plate's calibration in the capture program, or export forces as type 2.");
      return;
    }
    // the first dimension, which runs fastest, is the row
    for (std::size_t r = 0; r < 6; ++r)
      for (std::size_t c = 0; c < 6; ++c) plate.calibration[6 * r + c] = numbers[stride * index_ + rows * c + r];
  }

  void find_units(C3dPlate& plate) {
    const auto quantities = find_quantities(plate.type);
    for (std::size_t i = 0; i < quantities.size(); ++i) {
      const C3dChannel& channel = d_.channels[plate.channels[i]];
      std::optional<double> unit;
      double assumed = 1;
      switch (quantities[i]) {
        case Quantity::force:
          unit = find_newtons_per_unit(channel.unit);
          break;
        case Quantity::moment:
          unit = find_newton_metres_per_unit(channel.unit);
          assumed = d_.point_unit_m;
          break;
        case Quantity::length:
          unit = find_metres_per_unit(channel.unit);
          assumed = d_.point_unit_m;
          break;
      }
      // type 4 has volts in, and N and N times the points' unit out
      if (!unit && plate.type != 4)
        warn("C3D-025", "CHANNEL",
             "channel \"" + channel.name + "\" is in \"" + channel.unit + "\"; " +
                 (quantities[i] == Quantity::length  ? ""
                  : quantities[i] == Quantity::force ? "N"
                                                     : "N ") +
                 (quantities[i] == Quantity::force ? "" : d_.point_unit) + " is assumed",
             "Compare the forces with the person's weight.");
      plate.units[i] = unit.value_or(assumed);
    }
  }

  const C3dDescription& d_;
  Diagnostics& diagnostics_;
  std::size_t index_ = 0;
  bool has_failed_ = false;
};

}  // namespace

std::optional<std::vector<C3dPlate>> make_c3d_plates(const C3dDescription& description, Diagnostics& diagnostics) {
  const C3dParameter* const used = find_c3d_parameter(description.parameters, "FORCE_PLATFORM", "USED");
  std::vector<C3dPlate> plates;
  if (!used || used->numbers.empty() || !(used->numbers.front() >= 1)) return plates;
  const double count = std::min(used->numbers.front(), 255.0);
  PlateMaker maker(description, diagnostics);
  // each plate has channels of its own, all but for a slip; more would also take memory out of all proportion
  constexpr double kLeastChannels = 6, kMostSharing = 2;
  if (kLeastChannels * count > kMostSharing * static_cast<double>(description.channel_count) && count > kMostSharing) {
    diagnostics.error("C3D-021", description.file, 0,
                      "FORCE_PLATFORM:USED is " + format_decimal(count) + "; the file has " +
                          std::to_string(description.channel_count) + " channels, 6 or 8 of which make a plate",
                      "Correct the plates in the program that wrote the file.");
    return std::nullopt;
  }
  for (std::size_t i = 0; static_cast<double>(i + 1) <= count; ++i) plates.push_back(maker.make(i));
  if (maker.has_failed()) return std::nullopt;
  return plates;
}

PlateLoad calc_plate_load(const C3dPlate& plate, const double* sample) {
  double values[8] = {};
  for (std::size_t i = 0; i < plate.channels.size(); ++i) values[i] = sample[plate.channels[i]];
  if (plate.type == 4) {
    double raw[6];
    for (int i = 0; i < 6; ++i) raw[i] = values[i];
    for (int r = 0; r < 6; ++r) {
      values[r] = 0;
      for (int c = 0; c < 6; ++c) values[r] += plate.calibration[static_cast<std::size_t>(6 * r + c)] * raw[c];
    }
  }
  for (std::size_t i = 0; i < plate.channels.size(); ++i) values[i] *= plate.units[i];

  Vec3<double> force{values[0], values[1], values[2]}, moment_C;
  if (plate.type == 1) {
    // the point is measured from C on the surface; the free moment is about z
    const Vec3<double> p_CQ{values[3], values[4], 0};
    moment_C = cross(p_CQ, force) + Vec3<double>{0, 0, values[5]};
  } else if (plate.type == 3) {
    // Kistler: four sensors at (+-a, +-b), depth z; channels fx12 fx34 fy14 fy23 fz1 fz2 fz3 fz4
    const double a = plate.p_OC_P.x, b = plate.p_OC_P.y, *v = values;
    force = {v[0] + v[1], v[2] + v[3], v[4] + v[5] + v[6] + v[7]};
    const Vec3<double> moment_O{b * (v[4] + v[5] - v[6] - v[7]), a * (v[5] + v[6] - v[4] - v[7]),
                                b * (v[1] - v[0]) + a * (v[2] - v[3])};
    moment_C = moment_O + cross(force, Vec3<double>{0, 0, plate.p_OC_P.z});
  } else {
    // M_C = M_O - p_OC x F
    moment_C = Vec3<double>{values[3], values[4], values[5]} - cross(plate.p_OC_P, force);
  }

  PlateLoad load;
  load.force = plate.R_LP * force;
  load.moment_C = plate.R_LP * moment_C;
  // the point of the surface about which only a moment along z is left
  const Vec3<double> p_CQ{-moment_C.y / force.z, moment_C.x / force.z, 0};
  if (force.z == 0 || !std::isfinite(p_CQ.x) || !std::isfinite(p_CQ.y)) {
    const double kNaN = std::numeric_limits<double>::quiet_NaN();
    load.point = {kNaN, kNaN, kNaN};
    return load;
  }
  load.point = plate.p_LC_L + plate.R_LP * p_CQ;
  load.moment_point = plate.R_LP * (moment_C - cross(p_CQ, force));
  return load;
}

}  // namespace buttress
