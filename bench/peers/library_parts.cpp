#include "library_parts.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "bench/random_evaluators.h"
#include "core/archive.h"
#include "predict/part_tensors.h"
#include "timing.h"
#include "torch_network.h"
#include "xgboost_booster.h"

namespace perfmodel {
namespace {

using nlohmann::json;

constexpr std::uint64_t kSeed = 1;
constexpr double kNetworkRelative = 1e-4;  // float32 sums in another order

/// One part in a model file, which is where evaluators show what they hold.
struct Part {
  json description;
  std::string path;
};

/// Everything in `description` that holds no other evaluator.
void append_parts(const json& description, const std::string& path, std::vector<Part>& out) {
  bool holds_others = false;
  for (const char* key : {"inner", "outer"}) {
    if (!description.contains(key)) continue;
    holds_others = true;
    append_parts(description[key], path + "/" + key, out);
  }
  if (description.contains("members")) {
    holds_others = true;
    for (std::size_t i = 0; i < description["members"].size(); ++i) {
      append_parts(description["members"][i], fmt::format("{}/member{}", path, i), out);
    }
  }
  if (!holds_others && description["kind"] != "constant") out.push_back({description, path});
}

std::vector<NetworkLayer> layers_of(const Part& part, const ArchiveReader& archive) {
  std::vector<NetworkLayer> layers;
  for (const json& json_layer : part.description["layers"]) {
    PartTensorsReader tensors(archive, fmt::format("{}/layer{}", part.path, layers.size()));
    NetworkLayer layer;
    const std::string kind = json_layer["kind"];
    layer.kind = kind == "conv"       ? NetworkLayer::Kind::kConv
                 : kind == "residual" ? NetworkLayer::Kind::kResidual
                                      : NetworkLayer::Kind::kDense;
    layer.inputs = json_layer["inputs"];
    layer.outputs = json_layer["outputs"];
    layer.kernel = json_layer["kernel"];
    layer.relu = json_layer["relu"];
    layer.tanh = json_layer.value("tanh", false);
    layer.weights = copy_of(tensors.f32("weights", weights_shape(layer)));
    const bool residual = layer.kind == NetworkLayer::Kind::kResidual;
    if (json_layer["bias"]) {
      layer.bias = copy_of(tensors.f32("bias", {(residual ? 2 : 1) * layer.outputs}));
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

TreeEnsemble trees_of(const Part& part, const ArchiveReader& archive) {
  PartTensorsReader tensors(archive, part.path);
  const std::size_t num_nodes = part.description["num_nodes"];
  TreeEnsemble trees;
  trees.num_inputs = part.description["num_inputs"];
  trees.base = part.description["base"];
  trees.roots = copy_of(tensors.i32("roots", {part.description["num_trees"]}));
  trees.feature = copy_of(tensors.i32("feature", {num_nodes}));
  trees.threshold = copy_of(tensors.f32("threshold", {num_nodes}));
  trees.left = copy_of(tensors.i32("left", {num_nodes}));
  trees.float32_sums = part.description.value("float32_sums", false);
  return trees;
}

/// Rows and what perfmodel answers to them.
struct Asked {
  std::vector<double> values;
  std::vector<float> single_values;
  MatrixView<const double> rows;
  std::vector<double> answers;
  Workspace workspace;
};

std::shared_ptr<Asked> ask(const Evaluator& evaluator, std::size_t num_rows) {
  Random random(kSeed);
  auto asked = std::make_shared<Asked>();
  asked->values = random_rows(num_rows, evaluator.num_inputs(), random);
  asked->single_values.assign(asked->values.begin(), asked->values.end());
  asked->rows = {asked->values.data(), num_rows, evaluator.num_inputs()};
  asked->answers.resize(num_rows);
  asked->workspace.reserve(evaluator.scratch_bytes(num_rows));
  evaluator.evaluate(asked->rows, asked->answers, asked->workspace.data());
  return asked;
}

}  // namespace

void LibraryParts::add(const Model& model, std::size_t num_rows) {
  ArchiveWriter writer;
  std::vector<Part> parts;
  append_parts(write_evaluator(model.evaluator(), writer, "model"), "model", parts);
  const std::string file = writer.finish();
  const ArchiveReader archive = ArchiveReader::parse({reinterpret_cast<const std::byte*>(file.data()), file.size()});
  for (const Part& part : parts) {
    const std::shared_ptr<const Evaluator> evaluator = read_evaluator(part.description, archive, part.path);
    const std::shared_ptr<Asked> asked = ask(*evaluator, num_rows);
    const std::string kind = part.description["kind"];
    if (kind == "sequence_network") {
      auto network =
          std::make_shared<TorchNetwork>(evaluator->num_inputs(), layers_of(part, archive), TorchNetwork::Mode::kEager);
      network->set_rows(asked->rows);
      require_close(part.path + " in LibTorch", asked->answers, network->answers(), kNetworkRelative, 1);
      predictions_.emplace_back([network] { network->predict(); });
      ++num_networks_;
    } else if (kind == "trees") {
      const TreeEnsemble trees = trees_of(part, archive);
      auto booster = std::make_shared<XGBoostBooster>(to_xgboost_json(trees));
      booster->set_rows({asked->single_values.data(), num_rows, evaluator->num_inputs()});
      const Span<const float> theirs = booster->predict();
      require_close(part.path + " in XGBoost", asked->answers, std::vector<double>(theirs.begin(), theirs.end()),
                    trees.float32_sums ? 0 : kXGBoostRelative, 1);
      predictions_.emplace_back([booster, asked] { booster->predict(); });
      ++num_ensembles_;
    } else {
      predictions_.emplace_back(
          [evaluator, asked] { evaluator->evaluate(asked->rows, asked->answers, asked->workspace.data()); });
      ++num_others_;
    }
  }
}

void LibraryParts::run() {
  for (const std::function<void()>& predict : predictions_) predict();
}

}  // namespace perfmodel
