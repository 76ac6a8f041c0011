#include "body/model_height.h"

#include <fstream>
#include <string>

#include "base/decimal.h"
#include "body/document_scaling.h"
#include "multibody/kinematics.h"

namespace buttress {

namespace {

/// from the hip over the knee to the ankle in the default pose, m; 0 for a model without such bodies
double find_leg(const Model& m) {
  const int bodies[3] = {m.find_body("femur_r"), m.find_body("tibia_r"), m.find_body("talus_r")};
  Kinematics<double> kin = make_kinematics<double>(m);
  update_positions(m, find_default_pose(m).data(), kin);
  double length = 0;
  for (int i = 0; i < 3; ++i) {
    if (bodies[i] <= 0) return 0.0;
    if (i > 0)
      length += norm(kin.p_WM_W[static_cast<std::size_t>(bodies[i] - 1)] -
                     kin.p_WM_W[static_cast<std::size_t>(bodies[i - 1] - 1)]);
  }
  return length;
}

/// height of the person whom the built-in body is made for (data/models/parameters.csv), m; 0 when it cannot be read
double read_reference_height(const std::string& data_folder) {
  std::ifstream file(data_folder + "/models/parameters.csv");
  const std::string key = "default_height_male,";
  for (std::string line; std::getline(file, line);)
    if (line.compare(0, key.size(), key) == 0) return scan_decimal(std::string_view(line).substr(key.size())).value;
  return 0;
}

}  // namespace

double estimate_model_height(const std::string& data_folder, const Model& model, bool is_built_in) {
  const double reference = read_reference_height(data_folder);
  if (is_built_in) return reference;
  Diagnostics unused;
  const auto document = read_xml(data_folder + "/models/buttress_body.osim", unused);
  const auto body = document ? compile_document(*document, unused) : std::nullopt;
  if (!body) return 0;
  const double own = find_leg(model), theirs = find_leg(*body);
  return own > 0 && theirs > 0 ? reference * own / theirs : 0;
}

}  // namespace buttress
