// Model files, as they are and with their checksums made right: what loads predicts, and predicts the same when it was
// saved and loaded again.

#include <cmath>
#include <vector>

#include "core/archive.h"
#include "fuzz_target.h"
#include "learner/model_io.h"
#include "nlohmann/json.hpp"
#include "seal.h"

namespace perfmodel {
namespace {

constexpr std::size_t kMostMemory = std::size_t{64} << 20;

/// Rows at the ends of the model's domain, between them and far out.
std::vector<double> rows_for(const Model& model) {
  std::vector<double> rows;
  for (const FeatureInfo& feature : model.info().features) rows.push_back(feature.minimum);
  for (const FeatureInfo& feature : model.info().features) rows.push_back(feature.maximum);
  for (const FeatureInfo& feature : model.info().features) rows.push_back(feature.minimum / 2 + feature.maximum / 2);
  rows.insert(rows.end(), model.num_features(), -1e200);
  return rows;
}

/// One status per row; predictions of those that are ok.
struct Answers {
  std::vector<bool> ok;
  std::vector<double> numbers;
};

Answers ask(const Model& model, const std::vector<double>& rows) {
  Answers answers;
  Workspace workspace(model.workspace_bytes(1));
  const std::size_t width = model.num_features();
  for (std::size_t i = 0; i < 4; ++i) {
    Prediction answer;
    answers.ok.push_back(model.predict({rows.data() + i * width, 1, width}, {&answer, 1}, workspace).ok());
    if (!answers.ok.back()) continue;
    require(std::isfinite(answer.mean) && std::isfinite(answer.lower) && std::isfinite(answer.upper), "not finite");
    require(answer.lower <= answer.upper, "an interval upside down");
    answers.numbers.insert(answers.numbers.end(), {answer.mean, answer.lower, answer.upper});
  }
  return answers;
}

void load(std::string_view file) {
  expect_answer_or_error([&] {
    const Model model = Model::load(bytes_of(file));
    if (model.workspace_bytes(1) > kMostMemory) return;
    const std::vector<double> rows = rows_for(model);
    const Answers before = ask(model, rows);

    ArchiveWriter archive;
    archive.set_metadata("model", write_model(archive, "model", model).dump());
    const std::string saved = archive.finish();
    try {
      const Answers after = ask(Model::load(bytes_of(saved)), rows);
      require(after.ok == before.ok && after.numbers == before.numbers, "saved and loaded, it predicts otherwise");
    } catch (const Error& error) {
      require(false, std::string("what was saved does not load: ") + error.what());
    }
  });
}

}  // namespace
}  // namespace perfmodel

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string file(perfmodel::text_of(data, size));
  perfmodel::load(file);
  const std::string sealed = perfmodel::seal(file);
  if (sealed != file) perfmodel::load(sealed);
  return 0;
}
