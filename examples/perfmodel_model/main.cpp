// perfmodel-model: shows what is in a model file, and makes one of what XGBoost saved.

#include <cstdio>
#include <memory>
#include <optional>

#include "describe_model.h"
#include "perfmodel/core/error.h"
#include "perfmodel/learner/xgboost_import.h"
#include "tool_main.h"

namespace perfmodel::tools {
namespace {

// What the file holds, or nothing where that is something else.
template <typename Content>
std::optional<Content> load(const std::string& path) {
  try {
    return Content::load(path);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kMismatch) return std::nullopt;
    throw;
  }
}

template <typename Content>
void describe(const Content& content, bool json, void (*print)(const Content&),
              std::string (*to_json)(const Content&)) {
  if (json) {
    std::printf("%s\n", to_json(content).c_str());
  } else {
    print(content);
  }
}

void describe(const std::string& path, bool json) {
  if (const auto predictor = load<LayerTimePredictor>(path)) {
    describe(*predictor, json, print_predictor, predictor_json);
  } else if (const auto correction = load<NetworkCorrection>(path)) {
    describe(*correction, json, print_correction, correction_json);
  } else {
    describe(Model::load(path), json, print_model, model_json);
  }
}

void add_import_command(CLI::App& app) {
  struct Import {
    std::string file, model, target = "prediction";
  };
  const auto import = std::make_shared<Import>();
  CLI::App* command = app.add_subcommand("import", "Makes a model file of boosted trees that XGBoost saved");
  command->add_option("file", import->file, "what XGBoost saved, JSON or UBJSON")->required();
  command->add_option("--model", import->model, "the model file to write")->required();
  command->add_option("--target", import->target, "name of what it predicts, ending in its unit, e.g. time_ms")
      ->capture_default_str();
  command->callback([import] { import_xgboost(import->file, import->target).save(import->model); });
}

}  // namespace
}  // namespace perfmodel::tools

int main(int argc, char** argv) {
  CLI::App app{"Shows what is in a model file: environment, models, features and their ranges, errors, calibration",
               "perfmodel-model"};
  std::string path;
  bool json = false;
  app.add_option("file", path, "model file");
  app.add_flag("--json", json, "print one JSON object");
  perfmodel::tools::add_import_command(app);
  app.callback([&] {
    if (!app.get_subcommands().empty()) return;
    if (path.empty()) throw CLI::RequiredError("file");
    perfmodel::tools::describe(path, json);
  });
  return perfmodel::tools::run_tool(app, argc, argv);
}
