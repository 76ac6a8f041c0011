#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostics.h"
#include "motion/marker_trajectory.h"

/// Reads marker files of Motion Analysis and OpenSim (.trc).
///
/// Ids of this header:
///   TRC-001  the file does not exist, or cannot be read
///   TRC-002  the path is a folder
///   TRC-003  the first line does not begin with PathFileType, or the five header lines are cut short
///   TRC-004  no line of marker names that begins with Frame# and Time
///   TRC-005  no marker is named
///   TRC-006  Units are missing or not mm, cm, m or in
///   TRC-007  no frames
///   TRC-008  NumFrames is not the count of frames (warning: the frames win)
///   TRC-009  NumMarkers is not the count of names (warning: the names win)
///   TRC-010  a row has too few or too many cells
///   TRC-011  a cell is not a number
///   TRC-012  time is missing, not finite, or does not increase
///   TRC-013  DataRate is missing or does not fit the times (warning: the times win)
///   TRC-014  a marker stands exactly at the origin in some frames (warning: taken as missing)
///   TRC-015  a marker name stands more than once (warning: the later ones become 1_name, 2_name, ...)
///   TRC-016  more rows with errors than are listed
///   TRC-017  there are more marker names than 65,536
///   TRC-018  hardly anything but gaps, in rows that leave them out (it bounds the memory)
namespace buttress {

/// Reads a whole file. Nothing is returned when there was an error; all that were found are in `diagnostics`.
///
/// Cells are separated by single tabs, so that an empty cell is a missing number; a row whose tabs are doubled
/// throughout, or that has blanks instead, is understood too, and so are blanks at either end of a cell, both ends of
/// line, and NaN in any capitals. A marker with one missing number is missing. Header fields are words, so that doubled
/// tabs between them do not shift them. Times are taken as they stand; OpenSim does the same.
/// Departure: a marker exactly at (0, 0, 0) is missing (OpenSim takes the number); programs write that for gaps.
std::optional<MarkerTrajectory> read_trc(const std::string& path, Diagnostics& diagnostics);
/// the same from text; `file_name` stands in messages
std::optional<MarkerTrajectory> parse_trc(std::string_view text, const std::string& file_name,
                                          Diagnostics& diagnostics);

}  // namespace buttress
