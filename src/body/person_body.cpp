#include "body/person_body.h"

#include <fmt/format.h>

#include <cmath>

#include "body/person_file.h"
#include "io/file_hash.h"

namespace buttress {

std::optional<Person> read_person_with(const std::string& data_folder, const std::string& person_file,
                                       const StrengthTables& tables, Diagnostics& diagnostics) {
  const auto lengths = read_length_table(data_folder, diagnostics);
  if (!lengths) return std::nullopt;
  PersonVocabulary vocabulary;
  for (const CsvRow& row : *lengths) vocabulary.lengths.push_back(row.cells.at("length"));
  for (const MuscleAction& action : tables.actions)
    (action.sided ? vocabulary.sided_actions : vocabulary.actions).push_back(action.name);
  auto person = read_person(person_file, vocabulary, diagnostics);
  if (person && !check_strengths(*person, tables, diagnostics)) return std::nullopt;
  return person;
}

std::optional<PersonBody> load_person_body(const std::string& data_folder, const std::string& person_file,
                                           Diagnostics& diagnostics) {
  const std::string body_file = data_folder + "/models/buttress_body.osim";
  PersonBody body;
  auto tables = read_strength_tables(data_folder + "/norms", diagnostics);
  if (!tables) return std::nullopt;
  body.tables = std::move(*tables);
  ModelRequest request;
  request.file = body_file;
  if (!person_file.empty()) {
    const auto person = read_person_with(data_folder, person_file, body.tables, diagnostics);
    if (!person) return std::nullopt;
    body.person = *person;
    auto document = read_xml(body_file, diagnostics);
    if (!document || !scale_to_person(*document, *person, data_folder, body.factors, diagnostics)) return std::nullopt;
    request.text = body.text = format_xml(*document);
  }
  auto model = load_model(request, diagnostics);
  if (!model) return std::nullopt;
  body.model = std::make_shared<const Model>(std::move(*model));
  return body;
}

std::optional<PersonBody> load_person_model(const std::string& data_folder, const ModelRequest& request,
                                            const std::string& person_file, Diagnostics& diagnostics) {
  if (is_built_in_body(data_folder, request.file)) {
    if (request.path_set_files.empty()) return load_person_body(data_folder, person_file, diagnostics);
    diagnostics.error("PERSON-013", person_file, 0, "polynomial paths do not fit a body of another size",
                      "Leave out --path-set or --person.");
    return std::nullopt;
  }
  PersonBody body;
  auto tables = read_strength_tables(data_folder + "/norms", diagnostics);
  auto model = load_model(request, diagnostics);
  if (!tables || !model) return std::nullopt;
  const auto person = read_person_with(data_folder, person_file, *tables, diagnostics);
  if (!person) return std::nullopt;
  if (!person->lengths.empty())
    diagnostics.error("PERSON-013", person_file, 0,
                      "measured lengths cannot be given to a model that is not the built-in body",
                      "Scale the model with OpenSim's ScaleTool (buttress run-tool), and leave the lengths out.");
  if (std::abs(model->total_mass / person->mass - 1) > 0.05)
    diagnostics.error("PERSON-009", person_file, 0,
                      fmt::format("the model weighs {:.1f} kg, the person {:g} kg", model->total_mass, person->mass),
                      "Scale the model first (buttress run-tool with a ScaleTool setup): --person gives another model "
                      "strength alone.");
  if (diagnostics.has_errors()) return std::nullopt;
  body.person = *person;
  body.tables = std::move(*tables);
  body.model = std::make_shared<const Model>(std::move(*model));
  return body;
}

bool is_built_in_body(const std::string& data_folder, const std::string& model_file) {
  const std::string hash = calc_file_hash(model_file);
  return !hash.empty() && hash == calc_file_hash(data_folder + "/models/buttress_body.osim");
}

}  // namespace buttress
