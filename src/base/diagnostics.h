#pragma once
#include <string>
#include <vector>

namespace buttress {

enum class Severity { note, warning, error };

/// One thing wrong (or worth saying) with what a user handed over. Ids are stable and listed in docs/errors.md.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string id;       ///< "OSIM-012"
  std::string file;     ///< path as the user gave it; empty when the problem is not in a file
  int line = 0;         ///< 1-based; 0 when unknown
  std::string message;  ///< what was found and what was expected
  std::string advice;   ///< what to do next; may be empty
};

/// Collects every problem of one request. Readers add to it and go on as far as sense allows, so that
/// a user sees all problems at once. Whoever calls a reader must look at has_errors() before using the result.
class Diagnostics {
 public:
  void add(Diagnostic d) { items_.push_back(std::move(d)); }
  void error(std::string id, std::string file, int line, std::string message, std::string advice = {}) {
    add({Severity::error, std::move(id), std::move(file), line, std::move(message), std::move(advice)});
  }
  void warning(std::string id, std::string file, int line, std::string message, std::string advice = {}) {
    add({Severity::warning, std::move(id), std::move(file), line, std::move(message), std::move(advice)});
  }
  void note(std::string id, std::string file, int line, std::string message, std::string advice = {}) {
    add({Severity::note, std::move(id), std::move(file), line, std::move(message), std::move(advice)});
  }
  bool has_errors() const;
  const std::vector<Diagnostic>& items() const { return items_; }

 private:
  std::vector<Diagnostic> items_;
};

/// "walk.mot:212: error MOT-004: ...\n    advice": the form every program of ours prints.
std::string format_diagnostic(const Diagnostic& d);

}  // namespace buttress
