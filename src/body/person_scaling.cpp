#include "body/person_scaling.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "base/decimal.h"
#include "body/document_scaling.h"
#include "body/strength_norms.h"
#include "io/csv_table.h"
#include "multibody/kinematics.h"

namespace buttress {

namespace {

std::vector<std::string> split_words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string find_length_file(const std::string& data_folder) {
  return data_folder + "/norms/lengths.csv";
}

/// "joint:hip_r" (the origin of its frame on the child), "marker:RASI", "marker:RPSI LPSI" (the middle),
/// "point:calcn_r x y z" (m, on the body); nothing when the model has no such thing
std::optional<Vec3d> find_landmark(const std::string& text, const Model& model, const Kinematics<double>& kin) {
  const std::size_t colon = text.find(':');
  const std::vector<std::string> words =
      colon == std::string::npos ? std::vector<std::string>{} : split_words(text.substr(colon + 1));
  const std::string kind = text.substr(0, colon);
  if (words.empty()) return std::nullopt;
  if (kind == "joint") {
    const int joint = model.find_joint(words[0]);
    if (joint < 0) return std::nullopt;
    const std::size_t child = static_cast<std::size_t>(joint) + 1;
    return kin.X_WB[child] * model.joints[static_cast<std::size_t>(joint)].X_BM.p;
  }
  if (kind == "point" && words.size() == 4) {
    const int body = model.find_body(words[0]);
    if (body < 0) return std::nullopt;
    const auto x = parse_decimal(words[1]), y = parse_decimal(words[2]), z = parse_decimal(words[3]);
    if (!x || !y || !z) return std::nullopt;
    const Vec3d p{*x, *y, *z};
    return kin.X_WB[static_cast<std::size_t>(body)] * p;
  }
  if (kind != "marker") return std::nullopt;
  Vec3d sum{0, 0, 0};
  for (const std::string& word : words) {
    const auto marker =
        std::find_if(model.markers.begin(), model.markers.end(), [&](const Marker& m) { return m.name == word; });
    if (marker == model.markers.end()) return std::nullopt;
    sum = sum + kin.X_WB[static_cast<std::size_t>(marker->body)] * marker->p_B;
  }
  return 1.0 / static_cast<double>(words.size()) * sum;
}

class PersonScaling {
 public:
  PersonScaling(const Person& person, const std::string& data_folder, ScaleFactors& factors, Diagnostics& diagnostics)
      : person_(person), folder_(data_folder), factors_(factors), diagnostics_(diagnostics) {}

  bool run(XmlDocument& document) {
    if (!check_scalable(document, diagnostics_)) return false;
    const auto model = compile_document(document, diagnostics_);
    if (!model) return false;
    const Person standard;
    height_factor_ = person_.height / standard.height;
    for (std::size_t b = 1; b < model->bodies.size(); ++b)
      factors_[model->bodies[b].name] = {height_factor_, height_factor_, height_factor_};
    if (!take_lengths(*model)) return false;
    if (!scale_document(document, *model, factors_, false, diagnostics_, SlideRule::along_axis)) return false;
    const auto masses = find_masses(*model);
    if (!masses) return false;
    set_body_masses(document, *masses);
    const auto force = find_force_factor();
    if (!force) return false;
    scale_muscle_forces(document, *force);
    return true;
  }

 private:
  /// factors of the bodies whose length was measured
  bool take_lengths(const Model& model) {
    const auto table = read_length_table(folder_, diagnostics_);
    if (!table) return false;
    Kinematics<double> kin = make_kinematics<double>(model);
    update_positions(model, find_default_pose(model).data(), kin);
    double grown = 0;
    bool good = true;
    for (const MeasuredLength& measured : person_.lengths)
      for (const CsvRow& row : *table) {
        if (row.cells.at("length") != measured.name) continue;
        const auto from = find_landmark(row.cells.at("from"), model, kin),
                   to = find_landmark(row.cells.at("to"), model, kin);
        if (!from || !to) {
          diagnostics_.error("NORM-002", find_length_file(folder_), row.line,
                             "the body lacks a landmark of this length", "data/norms/README.md describes the columns.");
          return false;
        }
        const double standard = norm(*to - *from), expected = height_factor_ * standard;
        good = check_length(measured, expected, row.cells.at("how_to_measure")) && good;
        const double factor = measured.length / standard;
        for (const std::string& body : split_words(row.cells.at("bodies"))) {
          Vec3d& f = factors_[body];
          for (const char axis : row.cells.at("axes")) (axis == 'x' ? f.x : axis == 'y' ? f.y : f.z) = factor;
        }
        // what stands upright adds to the height
        if (measured.name == "thigh" || measured.name == "shank" || measured.name == "trunk")
          grown += measured.length - expected;
      }
    return good && check_height(grown);
  }

  /// people of one height differ by some 5 % in the length of a segment
  bool check_length(const MeasuredLength& measured, double expected, const std::string& how) {
    const double ratio = measured.length / expected;
    if (ratio > 0.88 && ratio < 1.12) return true;
    const std::string message = fmt::format("{} is {:.3f} m; people of {:.2f} m have {:.3f} +- {:.3f} m", measured.name,
                                            measured.length, person_.height, expected, 0.05 * expected);
    if (ratio > 0.75 && ratio < 1.3) {
      diagnostics_.warning("PERSON-007", person_.file, 0, message, "Measure again: " + how + ".");
      return true;
    }
    diagnostics_.error("PERSON-007", person_.file, 0, message, "Measure again: " + how + ". Check the unit.");
    return false;
  }

  bool check_height(double grown) {
    const double share = grown / person_.height;
    if (std::abs(share) < 0.03) return true;
    const std::string message = fmt::format("with the measured lengths the body stands {:.2f} m tall, not {:.2f} m",
                                            person_.height + grown, person_.height);
    if (std::abs(share) < 0.1) {
      diagnostics_.warning("PERSON-014", person_.file, 0, message, "Measure again; the lengths are what counts.");
      return true;
    }
    diagnostics_.error("PERSON-014", person_.file, 0, message, "Measure height and lengths again.");
    return false;
  }

  /// share of the person's tables: 0 = men, 1 = women
  double find_share_of_women() const {
    return person_.norms == NormTable::men ? 0 : person_.norms == NormTable::women ? 1 : 0.5;
  }

  /// masses of all bodies, whose sum is the person's
  std::optional<std::map<std::string, double>> find_masses(const Model& model) {
    const std::string segment_file = folder_ + "/models/segments.csv", body_file = folder_ + "/models/bodies.csv";
    const auto segments = read_csv_table(segment_file, {"segment", "male_percent", "female_percent"}, diagnostics_);
    const auto bodies = read_csv_table(body_file, {"body", "segment"}, diagnostics_);
    if (!segments || !bodies) return std::nullopt;
    std::map<std::string, double> ratio;
    for (const CsvRow& row : *segments) {
      const auto men = read_csv_number(row, "male_percent", segment_file, diagnostics_);
      const auto women = read_csv_number(row, "female_percent", segment_file, diagnostics_);
      if (!men || !women) return std::nullopt;
      ratio[row.cells.at("segment")] = 1 + find_share_of_women() * (*women / *men - 1);
    }
    std::map<std::string, double> mass;
    double total = 0;
    for (std::size_t b = 1; b < model.bodies.size(); ++b) {
      const std::string& name = model.bodies[b].name;
      // the table holds the right side
      const bool is_left = name.size() > 2 && name.compare(name.size() - 2, 2, "_l") == 0;
      const std::string right = is_left ? name.substr(0, name.size() - 1) + "r" : name;
      const auto row =
          std::find_if(bodies->begin(), bodies->end(), [&](const CsvRow& r) { return r.cells.at("body") == right; });
      const double factor = row == bodies->end()                    ? 1
                            : ratio.count(row->cells.at("segment")) ? ratio.at(row->cells.at("segment"))
                                                                    : 1;
      total += mass[name] = model.bodies[b].mass * factor;
    }
    for (auto& [name, value] : mass) value *= person_.mass / total;
    return mass;
  }

  /// force follows muscle volume over length
  std::optional<double> find_force_factor() {
    const std::string file = folder_ + "/models/parameters.csv";
    const auto table = read_csv_table(file, {"name", "value"}, diagnostics_);
    if (!table) return std::nullopt;
    const Person standard;
    for (const CsvRow& row : *table) {
      if (row.cells.at("name") != "female_strength_factor") continue;
      const auto women = read_csv_number(row, "value", file, diagnostics_);
      if (!women) return std::nullopt;
      const double volume =
          calc_muscle_volume(person_.mass, person_.height) / calc_muscle_volume(standard.mass, standard.height);
      return volume / height_factor_ * (1 + find_share_of_women() * (*women - 1));
    }
    diagnostics_.error("NORM-002", file, 0, "the table lacks female_strength_factor");
    return std::nullopt;
  }

  const Person& person_;
  std::string folder_;
  ScaleFactors& factors_;
  Diagnostics& diagnostics_;
  double height_factor_ = 1;
};

}  // namespace

std::optional<std::vector<CsvRow>> read_length_table(const std::string& data_folder, Diagnostics& diagnostics) {
  return read_csv_table(find_length_file(data_folder), {"length", "from", "to", "bodies", "axes", "how_to_measure"},
                        diagnostics);
}

bool scale_to_person(XmlDocument& document, const Person& person, const std::string& data_folder, ScaleFactors& factors,
                     Diagnostics& diagnostics) {
  return PersonScaling(person, data_folder, factors, diagnostics).run(document);
}

Vec3d scale_point(const ScaleFactors& factors, const std::string& body, const Vec3d& p_B) {
  const auto found = factors.find(body);
  if (found == factors.end()) return p_B;
  return {p_B.x * found->second.x, p_B.y * found->second.y, p_B.z * found->second.z};
}

void scale_contacts(const ScaleFactors& factors, const Model& model, ContactSet& contacts) {
  for (ContactPoint& point : contacts.points)
    point.p_B = scale_point(factors, model.bodies[static_cast<std::size_t>(point.body)].name, point.p_B);
}

}  // namespace buttress
