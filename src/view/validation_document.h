#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "validate/global_numbers.h"
#include "validate/validation.h"
#include "view/words/words.h"

namespace buttress {

struct ValidationPlot {
  std::string file;  ///< "hip_contact.svg"
  std::string svg;
};
std::vector<ValidationPlot> make_validation_plots(const Validation& validation);

/// the part of docs/validation.md between the marks, in Markdown; plots are linked from the folder validation/
std::string make_validation_section(const Validation& validation, const std::vector<GlobalNumber>& numbers,
                                    const Words& words);

/// `page` with the section between the marks; nothing when the marks are not there, once each and in order
std::optional<std::string> replace_section(const std::string& page, const std::string& section);
/// the marks with nothing between them
std::string make_empty_section();
/// a page that holds nothing but the section
std::string make_validation_page(const std::string& section);

/// Where a page is to be brought up to date, or a new one made: its text up to now. VALID-002: the page lacks the marks
/// `<!-- buttress validate: begin -->` and `end`.
std::optional<std::string> open_validation_page(const std::string& path, Diagnostics& diagnostics);

/// Writes plots (SVG), validation.json and the page validation.md into the folder: of `old_page` only what stands
/// between the marks is replaced. APP-001: a file cannot be written.
bool write_validation(const Validation& validation, const std::vector<GlobalNumber>& numbers, const Words& words,
                      const std::string& old_page, const std::string& folder, Diagnostics& diagnostics);

/// a short account for the terminal
std::string make_validation_text(const Validation& validation);

/// what validation.json holds: no times, so that the same bytes come out twice
nlohmann::json make_validation_record(const Validation& validation, const std::vector<GlobalNumber>& numbers,
                                      const Words& words);

/// the same as the text of the file
std::string make_validation_record_text(const Validation& validation, const std::vector<GlobalNumber>& numbers,
                                        const Words& words);

}  // namespace buttress
