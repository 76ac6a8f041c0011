#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "body/simulated_body.h"

namespace buttress {

/// The data folder, and the bodies that were made from it: each is read, scaled and tabulated once and then shared,
/// also by several threads. Made by whoever starts (the command line, a test, a program that links the library) and
/// passed in; nothing below looks anywhere else for data.
class Library {
 public:
  /// @param data_folder see data_folder.h
  explicit Library(std::string data_folder);

  const std::string& data_folder() const { return folder_; }
  /// path of a file of the data folder: file("movements/squat.json")
  std::string file(const std::string& relative) const { return folder_ + "/" + relative; }
  /// the built-in body's file for the word "body", else the file that was named
  std::string find_model_file(const std::string& name) const;

  /// The built-in body made ready for movements (prepare_body()), nullptr after an error. What was said when it was
  /// made is said each time.
  std::shared_ptr<const SimulatedBody> find_body(const std::string& person_file, bool strength_as_modelled,
                                                 Diagnostics& diagnostics) const;

 private:
  struct Prepared {
    std::shared_ptr<const SimulatedBody> body;
    Diagnostics said;
  };
  std::string folder_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, Prepared> bodies_;  ///< by the bytes of the person's file and the choice of strength
};

}  // namespace buttress
