#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "body/person.h"

/// Norms of isometric strength, data/norms: how strong people of a sex, age and size are.
namespace buttress {

/// what a dynamometer is set up for
struct MuscleAction {
  std::string name, title;  ///< "hip_abduction", "hip abduction"
  std::string coordinate;   ///< without side; knees bend towards positive angles here
  double direction = 1;     ///< sign of the torque about the coordinate
  bool sided = true;
  std::map<std::string, double> posture_deg;  ///< coordinate without side -> degrees; all others 0
  std::vector<std::string> balanced;  ///< coordinates without side about which nothing holds the limb: at most two
};

struct NormRow {
  std::string action;
  NormTable table = NormTable::men;  ///< men or women
  double age_from = 0, age_to = 0;   ///< years
  double value = 0, sd = 0;          ///< in `unit`; standard deviation between people
  std::string unit;                  ///< "body_weight_height", "N_m_per_kg" or "N_m"
  std::string sure;                  ///< "verified", "secondary", "memory_H", "memory_M", "memory_L", "derived"
  std::string source;
};

struct StrengthTables {
  std::string folder;
  std::vector<MuscleAction> actions;
  std::vector<NormRow> norms;
};

/// the torque that people like this one show
struct NormTorque {
  double torque = 0, sd = 0;  ///< N m
  std::string sure, source;   ///< of the least sure row that went in
};

/// Reads actions.csv and strength_norms.csv (rows with `used` = yes). Adds NORM-001 or NORM-002.
std::optional<StrengthTables> read_strength_tables(const std::string& folder, Diagnostics& diagnostics);

/// The norm of an action for a person; nothing when no row knows the action. Between the middles of two age groups
/// linear, outside constant. A value over body weight times height or over mass is multiplied by the person's; one in
/// N m is taken to belong to a person of the default size of its sex (75 kg, 1.75 m; 62 kg, 1.63 m) and grows with
/// muscle volume (calc_muscle_volume). NormTable::mean is the mean of both tables, its spread that of both groups
/// together.
std::optional<NormTorque> find_norm(const StrengthTables& tables, const std::string& action, const Person& person);

/// Measured strengths against the norms: PERSON-011, an error, for a torque below 2 % or above 4 times the norm, a
/// warning beyond four standard deviations. False after an error.
bool check_strengths(const Person& person, const StrengthTables& tables, Diagnostics& diagnostics);

/// Muscle volume of both legs, cm3: 47 mass height + 1285 (Handsfield et al. 2014, J Biomech 47:631), which torques
/// follow: force goes with volume over fibre length, the moment arm with length.
double calc_muscle_volume(double mass, double height);

/// How firmly a number of this sureness is wanted, as a standard deviation of its logarithm; 0 when the word is not
/// known. Means of groups of some seven people who differ by 25 % are known within 10 %; one measurement within a few
/// percent; what is remembered as an order of magnitude within a quarter. The same for all people, actions and
/// movements.
double find_log_sd(const std::string& sure);
/// What such a word means, for people: "memory_L" -> "from memory, order of magnitude only"; a word that is not known
/// as it is.
std::string describe_sureness(const std::string& sure);

}  // namespace buttress
