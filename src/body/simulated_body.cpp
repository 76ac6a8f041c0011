#include "body/simulated_body.h"

#include "io/contact_reader.h"

namespace buttress {

std::optional<SimulatedBody> prepare_body(const std::string& data_folder, const std::string& person_file,
                                          bool strength_as_modelled, Diagnostics& diagnostics) {
  auto of = load_person_body(data_folder, person_file, diagnostics);
  MuscleGroups groups = read_muscle_groups(data_folder + "/muscle_groups.csv", diagnostics);
  if (!of) return std::nullopt;
  auto contacts = read_contacts(data_folder + "/models/buttress_contacts.csv", *of->model, 0, diagnostics);
  if (!contacts || diagnostics.has_errors()) return std::nullopt;
  scale_contacts(of->factors, *of->model, *contacts);
  SimulatedBody body{std::move(*of), std::move(*contacts), std::move(groups), std::nullopt, nullptr, {}};
  body.files = {data_folder + "/models/buttress_body.osim", data_folder + "/models/buttress_contacts.csv",
                data_folder + "/muscle_groups.csv"};
  if (!strength_as_modelled) {
    body.strength = calc_body_strength(*body.of.model, body.of.person, body.of.tables, diagnostics);
    if (!body.strength || diagnostics.has_errors()) return std::nullopt;
  }
  body.fibers = make_chain_fibers(*body.of.model, {});
  return body;
}

}  // namespace buttress
