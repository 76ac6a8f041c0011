#include "base/diagnostics.h"

#include <algorithm>

namespace buttress {

bool Diagnostics::has_errors() const {
  return std::any_of(items_.begin(), items_.end(), [](const Diagnostic& d) { return d.severity == Severity::error; });
}

std::string format_diagnostic(const Diagnostic& d) {
  std::string text = d.file;
  if (!d.file.empty() && d.line > 0) text.append(":").append(std::to_string(d.line));
  if (!text.empty()) text += ": ";
  const char* const words[] = {"note", "warning", "error"};
  text += std::string(words[static_cast<int>(d.severity)]) + " " + d.id + ": " + d.message;
  if (!d.advice.empty()) text += "\n    " + d.advice;
  return text;
}

}  // namespace buttress
