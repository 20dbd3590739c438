// Model files, as they are and with their checksums made right: what loads predicts, also where values are missing, and
// predicts the same when it was saved and loaded again.

#include <cmath>
#include <limits>
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

/// One code per question; predictions of those that are answered.
struct Answers {
  std::vector<ErrorCode> codes;
  std::vector<double> numbers;
};

void check(const Prediction& answer, Answers& answers) {
  require(std::isfinite(answer.mean) && std::isfinite(answer.lower) && std::isfinite(answer.upper), "not finite");
  require(answer.lower <= answer.upper, "an interval upside down");
  answers.numbers.insert(answers.numbers.end(), {answer.mean, answer.lower, answer.upper});
}

/// @return  what the model says to one row, which is added to `answers`
ErrorCode ask(const Model& model, const double* row, MissingValues missing, Workspace& workspace, Answers& answers) {
  Prediction answer;
  const Status status = model.predict({row, 1, model.num_features()}, {&answer, 1}, workspace, missing);
  answers.codes.push_back(status.code);
  if (status.ok()) check(answer, answers);
  return status.code;
}

/// The row without every third value, then with nothing at all: refused by the plain call; otherwise answered, or said
/// not to be defined, as the model tells beforehand. Infinity is refused by both.
void ask_without_values(const Model& model, std::vector<double> row, Workspace& workspace, Answers& answers) {
  constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
  const auto ask_both = [&](ErrorCode plain, bool may_answer, ErrorCode as_learnt) {
    require(ask(model, row.data(), MissingValues::kRefuse, workspace, answers) == plain, "no refusal");
    const ErrorCode code = ask(model, row.data(), MissingValues::kAsLearnt, workspace, answers);
    require(code == as_learnt || (may_answer && code == ErrorCode::kOk), "another answer than the model tells");
  };
  const bool takes = model.takes_missing_values();
  const ErrorCode as_learnt = takes ? ErrorCode::kInvalidArgument : ErrorCode::kUnsupported;
  for (const std::size_t step : {3, 1}) {
    for (std::size_t j = 0; j < row.size(); j += step) row[j] = kMissing;
    ask_both(ErrorCode::kInvalidArgument, takes, as_learnt);
  }
  row[0] = std::numeric_limits<double>::infinity();
  ask_both(ErrorCode::kInvalidArgument, false, ErrorCode::kInvalidArgument);
}

/// Many rows in one call, which other loops answer than one: those of `rows` over and over, in place of every third
/// value none where `missing` says so.
void ask_together(const Model& model, const std::vector<double>& rows, MissingValues missing, Answers& answers) {
  constexpr std::size_t kRows = 20;
  if (rows.empty() || model.workspace_bytes(kRows) > kMostMemory) return;
  std::vector<double> many(kRows * model.num_features());
  for (std::size_t i = 0; i < many.size(); ++i) {
    const bool is_missing = missing == MissingValues::kAsLearnt && i % 3 == 0;
    many[i] = is_missing ? std::numeric_limits<double>::quiet_NaN() : rows[i % rows.size()];
  }
  std::vector<Prediction> predictions(kRows);
  Workspace workspace(model.workspace_bytes(kRows));
  const Status status = model.predict({many.data(), kRows, model.num_features()}, predictions, workspace, missing);
  answers.codes.push_back(status.code);
  if (!status.ok()) return;
  for (const Prediction& prediction : predictions) check(prediction, answers);
}

Answers ask(const Model& model, const std::vector<double>& rows) {
  Answers answers;
  Workspace workspace(model.workspace_bytes(1));
  const std::size_t width = model.num_features();
  for (std::size_t i = 0; i < 4; ++i) {
    ask(model, rows.data() + i * width, MissingValues::kRefuse, workspace, answers);
  }
  if (width > 0) ask_without_values(model, {rows.data(), rows.data() + width}, workspace, answers);
  const std::vector<double> in_domain(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(3 * width));
  ask_together(model, in_domain, MissingValues::kRefuse, answers);
  ask_together(model, in_domain, MissingValues::kAsLearnt, answers);
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
      require(after.codes == before.codes && after.numbers == before.numbers,
              "saved and loaded, it predicts otherwise");
    } catch (const Error& error) {
      require(false, std::string("what was saved does not load: ") + error.what());
    }
  });
}

}  // namespace
}  // namespace perfmodel

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  perfmodel::load_also_sealed(std::string(perfmodel::text_of(data, size)), perfmodel::load);
  return 0;
}
