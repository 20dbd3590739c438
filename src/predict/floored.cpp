#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "perfmodel/core/error.h"
#include "predict/evaluators.h"

namespace perfmodel {
namespace {

class Floored final : public Evaluator {
 public:
  Floored(std::shared_ptr<const Evaluator> inner, std::vector<double> floors)
      : inner_(std::move(inner)), floors_(std::move(floors)) {}

  const char* kind() const noexcept override { return "floored"; }
  std::size_t num_inputs() const noexcept override { return inner_->num_inputs(); }
  std::size_t scratch_bytes(std::size_t num_rows) const noexcept override { return inner_->scratch_bytes(num_rows); }
  bool takes_missing_values() const noexcept override { return inner_->takes_missing_values(); }
  bool has_deviation() const noexcept override { return inner_->has_deviation(); }

  void evaluate(MatrixView<const double> rows, Span<double> out, std::byte* scratch) const noexcept override {
    inner_->evaluate(rows, out, scratch);
    raise(rows, out);
  }

  void evaluate_with_deviation(MatrixView<const double> rows, Span<double> out, Span<double> deviation,
                               std::byte* scratch) const noexcept override {
    inner_->evaluate_with_deviation(rows, out, deviation, scratch);
    raise(rows, out);
  }

  std::vector<double> feature_importance() const override { return inner_->feature_importance(); }

  nlohmann::json write(ArchiveWriter& archive, const std::string& path) const override {
    return {{"kind", kind()}, {"floors", floors_}, {"inner", inner_->write(archive, path + "/inner")}};
  }

 private:
  void raise(MatrixView<const double> rows, Span<double> out) const noexcept {
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      for (std::size_t j = 0; j < floors_.size(); ++j) {
        const double floor = floors_[j] * rows(i, j);  // not a number where the input is missing
        if (floors_[j] > 0 && floor > out[i]) out[i] = floor;
      }
    }
  }

  std::shared_ptr<const Evaluator> inner_;
  std::vector<double> floors_;
};

}  // namespace

std::shared_ptr<const Evaluator> make_floored(std::shared_ptr<const Evaluator> inner, std::vector<double> floors) {
  if (floors.size() != inner->num_inputs()) {
    throw Error(ErrorCode::kCorrupt,
                fmt::format("floored: {} floors for {} inputs", floors.size(), inner->num_inputs()));
  }
  for (const double floor : floors) {
    if (!(floor >= 0 && std::isfinite(floor))) {
      throw Error(ErrorCode::kCorrupt, fmt::format("floored: a floor is {}, it must be finite and >= 0", floor));
    }
  }
  return std::make_shared<Floored>(std::move(inner), std::move(floors));
}

}  // namespace perfmodel
