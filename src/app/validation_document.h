#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/global_numbers.h"
#include "app/validation.h"

namespace buttress {

struct ValidationPlot {
  std::string file;  ///< "hip_contact.svg"
  std::string svg;
};
std::vector<ValidationPlot> make_validation_plots(const Validation& validation);

/// the part of docs/validation.md between the marks, in Markdown; plots are linked from the folder validation/
std::string make_validation_section(const Validation& validation, const std::vector<GlobalNumber>& numbers);

/// `page` with the section between the marks; nothing when the marks are not there, once each and in order
std::optional<std::string> replace_section(const std::string& page, const std::string& section);
/// the marks with nothing between them
std::string make_empty_section();
/// a page that holds nothing but the section
std::string make_validation_page(const std::string& section);

/// a short account for the terminal
std::string make_validation_text(const Validation& validation);

nlohmann::json make_validation_record(const Validation& validation, const std::vector<GlobalNumber>& numbers);

}  // namespace buttress
