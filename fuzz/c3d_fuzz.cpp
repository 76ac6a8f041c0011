// Any bytes: the reader must give as many frames as it promised, or say what is wrong; plates, ground loads and the
// turn to the world must hold for whatever it lets through.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>

#include "base/assert.h"
#include "io/c3d_trial.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buttress;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  for (const bool with_plates : {false, true}) {
    Diagnostics diagnostics;
    auto trial = parse_c3d(bytes, "fuzz.c3d", diagnostics, {.with_plates = with_plates});
    BUTTRESS_ASSERT(trial.has_value() != diagnostics.has_errors());
    for (const Diagnostic& d : diagnostics.items()) BUTTRESS_ASSERT(!format_diagnostic(d).empty());
    if (!trial) continue;
    const C3dDescription& d = trial->description;
    BUTTRESS_ASSERT(d.frame_count > 0 && trial->markers.time.size() == d.frame_count);
    BUTTRESS_ASSERT(d.data_byte + d.frame_count * d.frame_bytes <= size);
    BUTTRESS_ASSERT(trial->markers.positions.size() == 3 * d.frame_count * trial->markers.names.size());
    BUTTRESS_ASSERT(trial->analogs.values.size() == trial->analogs.row_count() * trial->analogs.column_count());
    const std::unordered_set<std::string> names(d.point_names.begin(), d.point_names.end());
    BUTTRESS_ASSERT(names.size() == d.point_count);
    rotate_c3d_trial(make_world_from_lab(*trial, diagnostics, 0.1), *trial);
    const Table loads = make_ground_load_table(*trial);
    BUTTRESS_ASSERT(loads.values.size() == loads.row_count() * loads.column_count());
    BUTTRESS_ASSERT(loads.column_count() == 9 * trial->plates.size());
  }
  return 0;
}
