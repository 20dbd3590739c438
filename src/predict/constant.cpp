#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "perfmodel/core/error.h"
#include "predict/evaluators.h"

namespace perfmodel {
namespace {

class Constant final : public Evaluator {
 public:
  Constant(std::size_t num_inputs, double value) : num_inputs_(num_inputs), value_(value) {}

  const char* kind() const noexcept override { return "constant"; }
  std::size_t num_inputs() const noexcept override { return num_inputs_; }
  std::size_t scratch_bytes(std::size_t) const noexcept override { return 0; }
  bool takes_missing_values() const noexcept override { return true; }

  void evaluate(MatrixView<const double>, Span<double> out, std::byte*) const noexcept override {
    std::fill(out.begin(), out.end(), value_);
  }

  nlohmann::json write(ArchiveWriter&, const std::string&) const override {
    return {{"kind", kind()}, {"num_inputs", num_inputs_}, {"value", value_}};
  }

 private:
  std::size_t num_inputs_;
  double value_;
};

}  // namespace

std::shared_ptr<const Evaluator> make_constant(std::size_t num_inputs, double value) {
  if (!std::isfinite(value)) {
    throw Error(ErrorCode::kCorrupt, fmt::format("constant: the value is {}, it must be finite", value));
  }
  return std::make_shared<Constant>(num_inputs, value);
}

}  // namespace perfmodel
