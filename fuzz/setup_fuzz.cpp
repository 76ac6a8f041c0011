#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "io/external_loads_reader.h"
#include "io/setup_reader.h"
#include "motion/external_loads.h"

/// Any bytes as a tool's setup and as external loads: a result without errors or at least one error, and loads that
/// can be put on a small model and table without harm.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buttress;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  {
    Diagnostics diagnostics;
    const auto setup = parse_setup(text, "folder/fuzz.xml", diagnostics);
    BUTTRESS_ASSERT(setup.has_value() != diagnostics.has_errors());
    if (setup) BUTTRESS_ASSERT(!setup->model_file.empty() && !(setup->start > setup->end));
  }
  Diagnostics diagnostics;
  const auto loads = parse_external_loads(text, "folder/fuzz.xml", diagnostics);
  BUTTRESS_ASSERT(loads.has_value() != diagnostics.has_errors());
  if (!loads) return 0;
  Model model;
  model.bodies.resize(2);
  model.bodies[0].name = "ground";
  model.bodies[1].name = "calcn_r";
  Table table;
  table.columns = {"fx", "fy", "fz", "px", "py", "pz", "#1", "", "#"};
  table.time = {0, 1, 2, 3, 4};
  table.values.assign(45, 0.5);
  const auto trajectory = make_load_trajectory(model, *loads, table, "fuzz.mot", {0, 0.5, 9}, diagnostics);
  BUTTRESS_ASSERT(trajectory.has_value() != diagnostics.has_errors());
  if (trajectory) BUTTRESS_ASSERT(trajectory->values.size() == trajectory->loads.size() * 27);
  return 0;
}
