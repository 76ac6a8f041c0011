#include "app/model_loading.h"

#include <filesystem>

#include "io/osim_reader.h"
#include "model/compile.h"

namespace buttress {

std::optional<Model> load_model(const ModelRequest& request, Diagnostics& diagnostics) {
  std::optional<ModelSpec> spec = read_osim(request.file, diagnostics);
  if (!spec) return std::nullopt;
  bool replace = request.replace_force_set;
  for (const std::string& file : request.force_set_files) {
    if (!read_force_set(file, replace, *spec, diagnostics)) return std::nullopt;
    // the first file replaces, the others add to it
    replace = false;
  }
  if (diagnostics.has_errors()) return std::nullopt;
  return compile(*spec, CompileOptions{request.ignore, request.simbody_rates}, diagnostics);
}

std::string resolve_path(const std::string& path, const std::string& folder) {
  const std::filesystem::path p(path);
  if (path.empty() || p.is_absolute()) return path;
  return (std::filesystem::path(folder) / p).lexically_normal().string();
}

}  // namespace buttress
