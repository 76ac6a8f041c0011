#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostics.h"
#include "motion/external_loads.h"

/// Reads ExternalLoads XML files: OpenSim 4, OpenSim 3 (isDisabled), and 2.2 and earlier (PrescribedForce, whose
/// functions carry the column names).
///
/// Ids of this header, besides XML-001 ... XML-014:
///   LOADS-020  the file holds no ExternalLoads
///   LOADS-021  it holds no force, or an element that is none
///   LOADS-022  a force does not say on which body it acts
///   LOADS-023  datafile is empty (note: the caller must name the data)
///   LOADS-030  isDisabled in a file of a version in which OpenSim does not look at it (warning: the force acts)
///   LOADS-024  a part of old files that is no longer used, in OpenSim either (warning)
namespace buttress {

/// data_file comes out as seen from where the program runs: a relative path counts from the XML file's folder.
std::optional<ExternalLoadsSpec> read_external_loads(const std::string& path, Diagnostics& diagnostics);
/// the same from text; `file_name` stands in messages and its folder counts for relative paths
std::optional<ExternalLoadsSpec> parse_external_loads(std::string_view text, const std::string& file_name,
                                                      Diagnostics& diagnostics);

}  // namespace buttress
