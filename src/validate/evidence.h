#pragma once
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"

/// What others measured in people, and which movement of ours answers to it: data/evidence/*.csv, whose format is in
/// data/evidence/README.md.
///
/// Ids of this header:
///   EVID-001  a table cannot be read, or its first line is not the expected one
///   EVID-002  a row has too few cells, or a cell does not hold what its column asks for
///   EVID-003  two measurements have the same name
///   EVID-004  a comparison names a measurement that is not in the table
///   EVID-005  a comparison is to count although its measurement is an order of magnitude only (certainty L)
namespace buttress {

/// how sure it is that the number stands in the source
enum class Certainty { verified, high, medium, low };
/// "verified", "H", "M", "L"
const char* name_of(Certainty certainty);

/// a number that someone else published; NaN where the source gives none
struct Measurement {
  std::string id;        ///< "hip.walk"
  std::string quantity;  ///< "hip_contact", "emg_gluteus_medius", ...
  std::string activity;  ///< words for people
  double value = std::numeric_limits<double>::quiet_NaN();
  double low = value, high = value;  ///< range
  double sd = value;                 ///< standard deviation between people
  std::string unit;
  Certainty certainty = Certainty::low;
  std::string source;
  int line = 0;
};

enum class Statistic { peak, mean };
/// "peak", "mean"
const char* name_of(Statistic statistic);

/// one movement of ours that answers to a measurement
struct Comparison {
  std::size_t measurement = 0;  ///< index into Evidence::measurements
  std::string movement;         ///< name in data/movements; it need not exist
  std::string settings;         ///< "hip_deg=30", several separated by blanks; empty = defaults
  std::string side;             ///< "r", "l", "larger" (the side with the larger value), "middle" (not a paired thing)
  Statistic statistic = Statistic::peak;
  bool counts = true;  ///< false: shown only
  std::string remark;
  int line = 0;
  /// "clamshell, hip_deg=30"
  std::string title() const { return settings.empty() ? movement : movement + ", " + settings; }
};

/// the words of Comparison::settings, as `simulate --set` takes them
std::vector<std::string> split_settings(const std::string& settings);

struct Evidence {
  std::vector<Measurement> measurements;
  std::vector<Comparison> comparisons;
};

/// Reads both tables of the folder; look at diagnostics.has_errors() before using what it returns.
Evidence read_evidence(const std::string& folder, Diagnostics& diagnostics);
/// the same from texts; the file names stand in messages
Evidence parse_evidence(std::string_view measurements, const std::string& measurement_file,
                        std::string_view comparisons, const std::string& comparison_file, Diagnostics& diagnostics);

}  // namespace buttress
