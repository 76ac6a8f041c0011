#pragma once
#include <memory>
#include <optional>
#include <string>

#include "body/model_loading.h"
#include "body/person.h"
#include "body/person_scaling.h"
#include "body/strength_norms.h"
#include "model/model.h"

/// The built-in body in a person's size: docs/theory/person.md.
namespace buttress {

/// A person and the body that is simulated.
struct PersonBody {
  Person person;
  std::string text;  ///< the model's file; empty when it is that of the built-in body, or another model's own
  std::shared_ptr<const Model> model;  ///< in the person's size, with the forces of the volume law
  ScaleFactors factors;                ///< empty for the default person
  StrengthTables tables;
};

/// The person of a file (or the default person when it is empty) and the built-in body in that size.
std::optional<PersonBody> load_person_body(const std::string& data_folder, const std::string& person_file,
                                           Diagnostics& diagnostics);

/// Another model for the person of a file: the built-in body is scaled as above; any other keeps its lengths and
/// masses, which are its maker's, and must weigh what the person weighs within 5 % (PERSON-009). Measured lengths of
/// another model and polynomial paths of a scaled body: PERSON-013.
std::optional<PersonBody> load_person_model(const std::string& data_folder, const ModelRequest& request,
                                            const std::string& person_file, Diagnostics& diagnostics);

/// Reads the person alone, with the tables of norms.
std::optional<Person> read_person_with(const std::string& data_folder, const std::string& person_file,
                                       const StrengthTables& tables, Diagnostics& diagnostics);

/// true when the file holds the same bytes as the built-in body
bool is_built_in_body(const std::string& data_folder, const std::string& model_file);

}  // namespace buttress
