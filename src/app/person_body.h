#pragma once
#include <optional>
#include <string>

#include "app/model_loading.h"
#include "app/person.h"
#include "app/strength_norms.h"
#include "io/osim_scaling.h"
#include "load/contact.h"
#include "model/model.h"

/// The built-in body in a person's size: docs/theory/person.md.
namespace buttress {

/// The document of the built-in body, made for the default man of 75 kg and 1.75 m, as that of a person:
/// every length times height / 1.75 m (tools/make_body.py does the same), the bodies of a measured length by what was
/// measured over what the body has, masses by de Leva's shares of the person's sex and then to the person's mass,
/// inertias with mass and the square of length, forces by muscle volume over height (and sex), before any norm.
/// Adds PERSON-007 for a measured length that no person of that height has, PERSON-014 when the measured lengths do not
/// add up to the height, NORM-001 and NORM-002, and returns nothing after an error.
/// @param factors set to the factors of all bodies, for points that stand in other files
bool scale_to_person(XmlDocument& document, const Person& person, const std::string& data_folder, ScaleFactors& factors,
                     Diagnostics& diagnostics);

/// A person and the body that is simulated.
struct PersonBody {
  Person person;
  Model model;           ///< in the person's size, with the forces of the volume law
  ScaleFactors factors;  ///< empty for the default person
  StrengthTables tables;
};

/// The person of a file (or the default person when it is empty) and the built-in body in that size.
std::optional<PersonBody> load_person_body(const std::string& person_file, Diagnostics& diagnostics);

/// Another model for the person of a file: the built-in body is scaled as above; any other keeps its lengths and
/// masses, which are its maker's, and must weigh what the person weighs within 5 % (PERSON-009). Measured lengths of
/// another model and polynomial paths of a scaled body: PERSON-013.
std::optional<PersonBody> load_person_model(const ModelRequest& request, const std::string& person_file,
                                            Diagnostics& diagnostics);

/// Reads the person alone, with the tables of norms.
std::optional<Person> read_person_with(const std::string& person_file, const StrengthTables& tables,
                                       Diagnostics& diagnostics);

/// a point of a body of the default size, where it is on the scaled one
Vec3d scale_point(const ScaleFactors& factors, const std::string& body, const Vec3d& p_B);
/// the same for contact points
void scale_contacts(const ScaleFactors& factors, const Model& model, ContactSet& contacts);

/// true when the file holds the same bytes as the built-in body
bool is_built_in_body(const std::string& model_file);

}  // namespace buttress
