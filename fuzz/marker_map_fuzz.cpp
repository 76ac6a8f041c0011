// Any bytes: the reader gives rows that hold together or an error, and renaming keeps all names different.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "base/assert.h"
#include "io/marker_map.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buttress;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Diagnostics diagnostics;
  const auto map = parse_marker_map(text, "fuzz.csv", diagnostics);
  BUTTRESS_ASSERT(map.has_value() != diagnostics.has_errors());
  if (!map) return 0;
  BUTTRESS_ASSERT(!map->rows.empty());
  // a file with every second name of theirs and every third of ours
  MarkerTrajectory trajectory;
  std::unordered_set<std::string> names;
  for (std::size_t i = 0; i < map->rows.size(); ++i) {
    if (i % 2 == 0 && names.insert(map->rows[i].theirs).second) trajectory.names.push_back(map->rows[i].theirs);
    if (i % 3 == 0 && names.insert(map->rows[i].marker).second) trajectory.names.push_back(map->rows[i].marker);
  }
  BUTTRESS_ASSERT(apply_marker_map(*map, trajectory, diagnostics));
  BUTTRESS_ASSERT(std::unordered_set<std::string>(trajectory.names.begin(), trajectory.names.end()).size() ==
                  names.size());
  for (const Diagnostic& d : diagnostics.items()) BUTTRESS_ASSERT(!format_diagnostic(d).empty());
  return 0;
}
