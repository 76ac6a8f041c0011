#include "app/validate.h"

#include <filesystem>
#include <utility>

namespace buttress {

std::optional<Validated> validate(const Library& library, unsigned thread_count, Diagnostics& diagnostics) {
  Evidence evidence = read_evidence(library.file("evidence"), diagnostics);
  std::vector<GlobalNumber> numbers = find_global_numbers(library.data_folder(), diagnostics);
  const auto body = library.find_body("", false, diagnostics);
  if (!body || diagnostics.has_errors()) return std::nullopt;
  std::vector<ValidationRun> runs = run_movement_library(library, body, evidence, thread_count, diagnostics);
  return Validated{make_validation(std::move(evidence), std::move(runs)), std::move(numbers)};
}

std::string find_validation_folder(const Library& library, Diagnostics& diagnostics) {
  const std::string folder = library.file("../docs");
  if (std::filesystem::is_regular_file(folder + "/validation.md"))
    return std::filesystem::path(folder).lexically_normal().string();
  diagnostics.error("VALID-003", folder, 0, "there is no page docs/validation.md beside the data folder",
                    "Name a folder for the results with --out.");
  return {};
}

}  // namespace buttress
