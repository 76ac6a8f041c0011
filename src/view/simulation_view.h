#pragma once
#include <string>

#include "base/diagnostics.h"
#include "study/simulation.h"
#include "view/words/words.h"

/// What `buttress simulate` shows: text for people, the record for machines, a picture, a folder of files.
namespace buttress {

/// what the terminal shows: joint loads beside measured ones, activations, who compensates, stretch and form
std::string make_simulation_text(const Simulation& simulation, const Words& words);

/// what run.json holds; messages are those of `diagnostics`
std::string make_simulation_record(const Simulation& simulation, const Words& words, const Diagnostics& diagnostics);

/// the posture at the frame that loads the joints most, as SVG
std::string make_simulation_picture(const Simulation& simulation);

/// Writes tables, report.html, run.json, the motion (coordinates.sto) and the body (body.osim) into the folder.
/// @param record what run.json is to hold; the files are added to it (finish_results.h)
bool write_simulation(const Simulation& simulation, const Words& words, const std::string& folder, std::string& record,
                      Diagnostics& diagnostics);

}  // namespace buttress
