#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "io/marker_map.h"
#include "model/model.h"
#include "motion/inverse_kinematics.h"

/// Which recorded marker is which marker of the model: names of laboratories, from data/marker_maps or a map of the
/// user's.
///
/// Ids of this header, besides MAP-...:
///   TRACK-001  no recorded name is a marker of the model, as it is or through any map, or none stands at an
///              anatomical place (track.cpp)
///   TRACK-002  the model has no markers
namespace buttress {

/// the maps that are built in, in the order of their file names; what cannot be read is in `diagnostics`
std::vector<MarkerMap> read_built_in_maps(const std::string& data_folder, Diagnostics& diagnostics);

/// What marker names of a recording were taken to mean.
struct MarkerNaming {
  std::string map_name;              ///< "opencap"; empty: the recording has the model's names
  std::string map_file;              ///< path of the map; empty when there is none
  std::size_t known = 0;             ///< recorded markers that are on the model
  std::vector<std::string> unknown;  ///< recorded names, as in the file, that are not
  std::vector<std::string> empty;    ///< of the known ones, as in the file: without a position in any frame
  std::set<std::string> near;        ///< markers of the model whose recorded places are only near
};

/// Gives the recorded markers the model's names. With `map_file` that map is used; otherwise the names as they are or
/// the built-in map, whichever knows more of them (the names as they are win a draw).
std::optional<MarkerNaming> name_markers(const Model& model, const std::string& map_file,
                                         const std::vector<MarkerMap>& built_in, MarkerTrajectory& recording,
                                         Diagnostics& diagnostics);

/// The map from the model's own marker names to those of the built-in body, when the model is of another laboratory;
/// nothing when the model already has the built-in names, or more of them than of any map.
const MarkerMap* find_map_of_model(const Model& model, const std::vector<MarkerMap>& built_in);

/// marker names of the built-in body that stand at bony landmarks or joint centres: all that the maps know
std::set<std::string> find_landmarks(const std::vector<MarkerMap>& built_in);

/// "R.ASIS, L.ASIS, ...": the first few names, for a message
std::string list_some(const std::vector<std::string>& names);

/// weight of a marker whose recorded place is only near that on the model: 2.5 cm and more apart, against errors of
/// about 1 cm at the others
inline constexpr double kNearWeight = 0.2;

}  // namespace buttress
