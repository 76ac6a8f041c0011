#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "motion/marker_trajectory.h"

/// Marker names of another laboratory or program, and the names of the model's markers that stand for the same places.
/// The format of the tables is in data/README.md; those of common marker sets are in data/marker_maps/.
///
/// Ids of this header:
///   MAP-001  the file does not exist, or cannot be read
///   MAP-002  the first line is not "marker,theirs,match,source"
///   MAP-003  a row lacks a cell, or match is neither "same" nor "near"
///   MAP-004  a name of theirs stands in two rows
///   MAP-005  the table has no rows
///   MAP-006  none of the table's names is in the marker file
///   MAP-007  two markers of the file are to have the same name (warning: the one whose row comes first gets it,
///            unless one without a row has it already)
///   MAP-008  markers are only near their places on the model (note; give them a smaller weight)
///   MAP-009  more rows have errors than are listed
namespace buttress {

struct MarkerMapRow {
  std::string marker;    ///< on the model
  std::string theirs;    ///< in the file
  bool is_near = false;  ///< the places differ by some 2.5 cm or more, so the marker deserves less weight
  std::string source;    ///< where their convention is described
  int line = 0;
};

struct MarkerMap {
  std::string file;
  std::vector<MarkerMapRow> rows;  ///< names of theirs are all different; a marker of ours may have several
};

/// Nothing when there is an error.
std::optional<MarkerMap> read_marker_map(const std::string& path, Diagnostics& diagnostics);
/// the same from text; `file_name` stands in messages
std::optional<MarkerMap> parse_marker_map(std::string_view text, const std::string& file_name,
                                          Diagnostics& diagnostics);

/// Gives the markers the model's names; those that the map does not have keep theirs. A name with the subject in front
/// ("Ann:LASI") counts as the bare one unless the map has it whole. All names stay different. False, and nothing
/// changed, when no name is known.
bool apply_marker_map(const MarkerMap& map, MarkerTrajectory& trajectory, Diagnostics& diagnostics);

}  // namespace buttress
