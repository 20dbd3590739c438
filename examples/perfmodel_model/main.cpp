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

// A layer-time predictor, or nothing when the file holds a single model.
std::optional<LayerTimePredictor> load_predictor(const std::string& path) {
  try {
    return LayerTimePredictor::load(path);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kMismatch) return std::nullopt;
    throw;
  }
}

void describe(const std::string& path, bool json) {
  const std::optional<LayerTimePredictor> predictor = load_predictor(path);
  if (json) {
    std::printf("%s\n", (predictor ? predictor_json(*predictor) : model_json(Model::load(path))).c_str());
  } else if (predictor) {
    print_predictor(*predictor);
  } else {
    print_model(Model::load(path));
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
