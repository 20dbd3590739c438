// perfmodel-model: shows what is in a model file.

#include <cstdio>
#include <optional>

#include "describe_model.h"
#include "perfmodel/core/error.h"
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

}  // namespace
}  // namespace perfmodel::tools

int main(int argc, char** argv) {
  CLI::App app{"Shows what is in a model file: environment, models, features and their ranges, errors, calibration",
               "perfmodel-model"};
  std::string path;
  bool json = false;
  app.add_option("file", path, "model file")->required();
  app.add_flag("--json", json, "print one JSON object");
  app.callback([&] { perfmodel::tools::describe(path, json); });
  return perfmodel::tools::run_tool(app, argc, argv);
}
