#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "io/text_file.h"
#include "view/run_record.h"
#include "view/validation_document.h"

namespace buttress {

std::optional<std::string> open_validation_page(const std::string& path, Diagnostics& diagnostics) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return make_validation_page(make_empty_section());
  const std::string page{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (replace_section(page, "")) return page;
  diagnostics.error(
      "VALID-002", path, 0, "the page does not hold the marks between which the section stands, once each and in order",
      "Write <!-- buttress validate: begin --> and <!-- buttress validate: end --> on lines of their own.");
  return std::nullopt;
}

std::string make_validation_record_text(const Validation& validation, const std::vector<GlobalNumber>& numbers,
                                        const Words& words) {
  return format_run_record(make_validation_record(validation, numbers, words));
}

bool write_validation(const Validation& validation, const std::vector<GlobalNumber>& numbers, const Words& words,
                      const std::string& old_page, const std::string& folder, Diagnostics& diagnostics) {
  if (!make_folder(folder + "/validation", diagnostics)) return false;
  const std::string page = *replace_section(old_page, make_validation_section(validation, numbers, words));
  bool written = write_text_file(folder + "/validation.md", page, diagnostics);
  written = written && write_text_file(folder + "/validation/validation.json",
                                       make_validation_record_text(validation, numbers, words), diagnostics);
  for (const ValidationPlot& plot : make_validation_plots(validation))
    written = written && write_text_file(folder + "/validation/" + plot.file, plot.svg, diagnostics);
  return written;
}

}  // namespace buttress
