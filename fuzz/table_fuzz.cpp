#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "io/table_reader.h"
#include "io/table_writer.h"

/// Any bytes: the reader must return a table that holds together, or at least one error; and what it returns must
/// come back the same after writing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buttress;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool allow_nan : {false, true}) {
    Diagnostics diagnostics;
    const auto table = parse_table(text, allow_nan ? "fuzz.mot" : "fuzz.sto", diagnostics, {.allow_nan = allow_nan});
    BUTTRESS_ASSERT(table.has_value() != diagnostics.has_errors());
    for (const Diagnostic& d : diagnostics.items()) BUTTRESS_ASSERT(!format_diagnostic(d).empty());
    if (!table) continue;
    BUTTRESS_ASSERT(table->row_count() > 0);
    BUTTRESS_ASSERT(table->values.size() == table->row_count() * table->column_count());
    for (std::size_t r = 1; r < table->row_count(); ++r) BUTTRESS_ASSERT(table->time[r] > table->time[r - 1]);
    if (allow_nan) continue;
    for (double v : table->values) BUTTRESS_ASSERT(std::isfinite(v));
    Table plain = *table;
    plain.name = "x";
    for (std::size_t c = 0; c < plain.columns.size(); ++c) plain.columns[c] = "c" + std::to_string(c);
    const auto back = parse_table(format_sto(plain), "fuzz.sto", diagnostics);
    BUTTRESS_ASSERT(back && back->time == plain.time && back->values == plain.values);
  }
  return 0;
}
