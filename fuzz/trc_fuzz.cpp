#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "io/trc_reader.h"

/// Any bytes: the reader must return markers that hold together, or at least one error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buttress;
  Diagnostics diagnostics;
  const auto markers = parse_trc(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz.trc", diagnostics);
  BUTTRESS_ASSERT(markers.has_value() != diagnostics.has_errors());
  for (const Diagnostic& d : diagnostics.items()) BUTTRESS_ASSERT(!format_diagnostic(d).empty());
  if (!markers) return 0;
  BUTTRESS_ASSERT(!markers->time.empty() && !markers->names.empty());
  BUTTRESS_ASSERT(markers->positions.size() == markers->time.size() * markers->names.size() * 3);
  for (std::size_t f = 1; f < markers->time.size(); ++f) BUTTRESS_ASSERT(markers->time[f] > markers->time[f - 1]);
  for (std::size_t i = 0; i < markers->positions.size(); i += 3) {
    const double* p = markers->positions.data() + i;
    const bool seen = std::isfinite(p[0]);
    BUTTRESS_ASSERT(seen == std::isfinite(p[1]) && seen == std::isfinite(p[2]));
    BUTTRESS_ASSERT(seen || std::isnan(p[0]));
  }
  return 0;
}
