// Any bytes whatever must end in a ModelSpec or in diagnostics, never in a crash, an endless loop or a stack overflow,
// and what the reader lets through must do compile() no harm either.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "io/osim_reader.h"
#include "model/compile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buttress;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Diagnostics diagnostics;
  auto spec = parse_osim(text, "fuzz.osim", diagnostics);
  if (!spec) {
    // a file that is refused says why
    if (!diagnostics.has_errors()) __builtin_trap();
    return 0;
  }
  CompileOptions options;
  for (const UnsupportedSpec& item : spec->unsupported) options.ignore.push_back(item.type);
  compile(*spec, options, diagnostics);
  parse_force_set(text, "fuzz.osim", true, *spec, diagnostics);
  parse_path_set(text, "fuzz.osim", *spec, diagnostics);
  return 0;
}
