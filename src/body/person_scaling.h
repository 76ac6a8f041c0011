#pragma once
#include <optional>
#include <string>
#include <vector>

#include "body/osim_scaling.h"
#include "body/person.h"
#include "io/csv_table.h"
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

/// the lengths that can be measured, data/norms/lengths.csv; adds NORM-001
std::optional<std::vector<CsvRow>> read_length_table(const std::string& data_folder, Diagnostics& diagnostics);

/// a point of a body of the default size, where it is on the scaled one
Vec3d scale_point(const ScaleFactors& factors, const std::string& body, const Vec3d& p_B);
/// the same for contact points
void scale_contacts(const ScaleFactors& factors, const Model& model, ContactSet& contacts);

}  // namespace buttress
