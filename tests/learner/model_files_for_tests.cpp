#include "model_files_for_tests.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>

#include "core/archive.h"
#include "core/crc32c.h"
#include "learner/model_io.h"
#include "predict/evaluators_for_tests.h"

namespace perfmodel {

Model example_model(const std::string& evaluator_kind) {
  ModelInfo info;
  info.kind = "example";
  info.preset = "paper";
  info.target = "exe_ms";
  info.features = {
      {"batch", "", 0.1, 64, true}, {"input_bytes", "bytes", 0.25, 80, true}, {"stride", "", 0.1, 90, false}};
  info.training_rows = 123;
  info.training_hash = "0123456789abcdef";
  info.interval_level = 0.9;
  info.interval_lower_factor = 0.75;
  info.interval_upper_factor = 1.5;
  info.held_out = {17, 4.5, 0.25, 0.125, 0.97, 88.5, 21.25, 0.99};
  return Model(info, example_evaluator(evaluator_kind));
}

std::vector<double> example_rows() {
  Random random(11);
  std::vector<double> values;
  for (std::size_t i = 0; i < kNumExampleRows; ++i) {
    const double factor = i < kNumExampleRows - 10 ? 1 : 100;
    for (int j = 0; j < 3; ++j) values.push_back(factor * random.log_uniform(1, 60));
  }
  return values;
}

std::vector<Prediction> predict_all(const Model& model, const std::vector<double>& values) {
  const std::size_t num_rows = values.size() / model.num_features();
  std::vector<Prediction> predictions(num_rows);
  Workspace workspace(model.workspace_bytes(num_rows));
  model.predict({values.data(), num_rows, model.num_features()}, predictions, workspace).throw_if_error();
  return predictions;
}

std::string file_of(const Model& model) {
  ArchiveWriter archive;
  archive.set_metadata("model", write_model(archive, "model", model).dump());
  return archive.finish();
}

Model load_bytes(const std::string& file) {
  return Model::load(Span<const std::byte>(reinterpret_cast<const std::byte*>(file.data()), file.size()));
}

std::string with_header(const std::string& file, const std::function<void(nlohmann::json& header)>& edit) {
  std::uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, file.data(), sizeof header_bytes);
  nlohmann::json header = nlohmann::json::parse(file.substr(sizeof header_bytes, header_bytes));
  edit(header);
  const std::string unset = "00000000";
  header["__metadata__"]["crc32c"] = unset;
  const std::string text = header.dump();
  const std::uint64_t new_bytes = text.size();
  std::string result(reinterpret_cast<const char*>(&new_bytes), sizeof new_bytes);
  result += text + file.substr(sizeof header_bytes + header_bytes);
  const std::string mark = "\"crc32c\":\"";
  result.replace(result.find(mark + unset) + mark.size(), unset.size(),
                 fmt::format("{:08x}", crc32c(result.data(), result.size())));
  return result;
}

std::string with_model_json(const std::string& file, const std::function<void(nlohmann::json& model)>& edit) {
  return with_header(file, [&](nlohmann::json& header) {
    nlohmann::json model = nlohmann::json::parse(header["__metadata__"]["model"].get<std::string>());
    edit(model);
    header["__metadata__"]["model"] = model.dump();
  });
}

}  // namespace perfmodel
