#include "base/assert.h"
#include "body/person_file.h"
#include "file_for_fuzzing.h"
#include "io/contact_reader.h"
#include "io/csv_table.h"
#include "movement/movement.h"
#include "track/marker_pairs.h"

/// Any bytes as a movement, a person or a table of commas: a result, or at least one error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buttress;
  const std::string path = write_fuzz_file("description", data, size);
  const auto check = [](bool has_result, const Diagnostics& diagnostics) {
    BUTTRESS_ASSERT(has_result != diagnostics.has_errors());
    for (const Diagnostic& d : diagnostics.items()) BUTTRESS_ASSERT(!format_diagnostic(d).empty());
  };
  Diagnostics of_movement, of_person, of_pairs, of_table, of_contacts;
  check(read_movement(path, of_movement).has_value(), of_movement);
  check(read_person(path, {}, of_person).has_value(), of_person);
  check(read_marker_pairs(path, of_pairs).has_value(), of_pairs);
  check(read_csv_table(path, {"segment"}, of_table).has_value(), of_table);
  check(read_contacts(path, Model{}, 0, of_contacts).has_value(), of_contacts);
  return 0;
}
