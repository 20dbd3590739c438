// What XGBoost saved: a model that is imported answers, also without values, and the same when it was saved and loaded.

#include <cmath>
#include <limits>
#include <vector>

#include "core/archive.h"
#include "fuzz_target.h"
#include "learner/model_io.h"
#include "nlohmann/json.hpp"
#include "perfmodel/learner/xgboost_import.h"

namespace perfmodel {
namespace {

/// Answers for rows of 0, of 1e200 and of nothing; what fails counts as -1.
std::vector<double> ask(const Model& model) {
  std::vector<double> means;
  Workspace workspace(model.workspace_bytes(1));
  for (const double value : {0.0, 1e200, std::numeric_limits<double>::quiet_NaN()}) {
    const std::vector<double> row(model.num_features(), value);
    Prediction answer;
    const Status status = model.predict({row.data(), 1, row.size()}, {&answer, 1}, workspace, MissingValues::kAsLearnt);
    require(!status.ok() || std::isfinite(answer.mean), "not finite");
    means.push_back(status.ok() ? answer.mean : -1);
  }
  return means;
}

}  // namespace
}  // namespace perfmodel

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace perfmodel;
  expect_answer_or_error([&] {
    const Model model = import_xgboost(bytes_of(text_of(data, size)));
    constexpr std::size_t kFewFeatures = 10000;  // a file of more would take long to write
    if (model.num_features() > kFewFeatures) return;
    ArchiveWriter archive;
    archive.set_metadata("model", write_model(archive, "model", model).dump());
    require(ask(Model::load(bytes_of(archive.finish()))) == ask(model), "saved and loaded, it predicts otherwise");
  });
  return 0;
}
