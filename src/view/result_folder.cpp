#include "view/result_folder.h"

#include "io/table_writer.h"
#include "io/text_file.h"
#include "view/finish_results.h"
#include "view/report.h"
#include "view/result_tables.h"

namespace buttress {

bool write_result_folder(const RunResult& result, const Words& words, const std::string& folder,
                         const std::string& picture_svg, std::vector<std::string> written, std::string& record,
                         Diagnostics& diagnostics) {
  if (!make_folder(folder, diagnostics)) return false;
  bool good = true;
  const auto write = [&](const std::string& file, const TableView& table) {
    good = write_sto(file, table, diagnostics) && good;
    written.push_back(file);
  };
  for (std::size_t i = 0; i < result.conditions.size(); ++i) {
    const ChainOutput& output = result.conditions[i].output;
    const std::string prefix = folder + (i == 0 ? "/whole_" : "/weakened_");
    if (i == 0) write(folder + "/joint_moments.sto", make_joint_moment_table(*result.model, output, result.time));
    write(prefix + "activation.sto", make_column_table(result.columns, "activations", output.activation, result.time));
    write(prefix + "force.sto", make_column_table(result.columns, "forces in N", output.force, result.time));
    if (!result.contact_groups.empty())
      write(prefix + "ground_forces.sto", make_ground_force_table(result.contact_groups, output, result.time));
    if (result.options.reactions)
      write(prefix + "joint_loads.sto", make_reaction_table(*result.model, output, result.time));
  }
  const std::string report = folder + "/report.html";
  good = write_text_file(report, make_report_html(result, words, picture_svg), diagnostics) && good;
  written.push_back(report);
  return finish_results(folder, written, EarlierRun::any_verb, record, diagnostics) && good;
}

}  // namespace buttress
