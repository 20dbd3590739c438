#include "train_xgboost/booster.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <system_error>
#include <utility>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

void check(int status) {
  if (status == 0) return;
  const std::string text = XGBGetLastError();  // the first line says what, the others hold a stack trace
  throw Error(ErrorCode::kInternal, fmt::format("XGBoost: {}", text.substr(0, text.find('\n'))));
}

}  // namespace

DMatrix::DMatrix(MatrixView<const float> rows, Span<const float> labels, Span<const float> weights) {
  constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
  DMatrixHandle handle = nullptr;
  check(XGDMatrixCreateFromMat(rows.data(), rows.rows(), rows.cols(), kMissing, &handle));
  handle_.reset(handle);
  check(XGDMatrixSetFloatInfo(handle, "label", labels.data(), labels.size()));
  if (!weights.empty()) check(XGDMatrixSetFloatInfo(handle, "weight", weights.data(), weights.size()));
}

Booster::Booster(std::shared_ptr<const DMatrix> training) : training_(std::move(training)) {
  BoosterHandle handle = nullptr;
  DMatrixHandle rows = training_->handle();
  check(XGBoosterCreate(&rows, 1, &handle));
  handle_.reset(handle);
}

void Booster::set(const std::string& parameter, const std::string& value) {
  check(XGBoosterSetParam(handle_.get(), parameter.c_str(), value.c_str()));
}

void Booster::grow(int round) {
  check(XGBoosterUpdateOneIter(handle_.get(), round, training_->handle()));
}

double Booster::evaluate(int round, const DMatrix& rows) {
  DMatrixHandle handle = rows.handle();
  const char* name = "rows";
  const char* answer = nullptr;  // e.g. "[7]\trows-mae:0.0321"
  check(XGBoosterEvalOneIter(handle_.get(), round, &handle, &name, 1, &answer));
  const std::string text = answer;
  const char* begin = text.data() + text.rfind(':') + 1;  // all of it where there is no colon
  const char* end = text.data() + text.size();
  double value = 0;
  const auto [parsed, error] = std::from_chars(begin, end, value);  // whatever the locale
  if (error != std::errc() || parsed != end) {
    throw Error(ErrorCode::kInternal, fmt::format("XGBoost: '{}' is not the value of a metric", text));
  }
  return value;
}

std::vector<float> Booster::predict(const DMatrix& rows, int num_rounds) {
  bst_ulong length = 0;
  const float* values = nullptr;
  check(XGBoosterPredict(handle_.get(), rows.handle(), 0, static_cast<unsigned>(num_rounds), 0, &length, &values));
  return {values, values + length};
}

std::string Booster::to_json() {
  bst_ulong length = 0;
  const char* text = nullptr;
  check(XGBoosterSaveModelToBuffer(handle_.get(), R"({"format": "json"})", &length, &text));
  return {text, length};
}

}  // namespace perfmodel
