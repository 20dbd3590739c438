#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "perfmodel/core/error.h"
#include "predict/evaluators.h"
#include "predict/part_tensors.h"
#include "predict/row_blocks.h"

namespace perfmodel {
namespace {

constexpr std::int32_t kMaxPower = 64;
constexpr std::size_t kPolynomialRows = 32;  ///< rows at a time; what is computed for them stays in the cache

double integer_power(double value, std::int32_t power) noexcept {
  double result = 1;
  for (; power > 0; power /= 2, value *= value) {
    if (power % 2 == 1) result *= value;
  }
  return result;
}

/// Computes each distinct factor once per row, then each term for all rows of a block.
class PolynomialSum final : public Evaluator {
 public:
  explicit PolynomialSum(Polynomial polynomial) : polynomial_(std::move(polynomial)) {
    std::map<std::pair<std::int32_t, std::int32_t>, std::size_t> positions;
    for (const Polynomial::Factor& factor : polynomial_.factors) {
      const auto [found, is_new] = positions.emplace(std::pair(factor.input, factor.power), distinct_.size());
      if (is_new) distinct_.push_back(factor);
      factor_positions_.push_back(found->second);
    }
  }

  const char* kind() const noexcept override { return "polynomial"; }
  std::size_t num_inputs() const noexcept override { return polynomial_.num_inputs; }

  std::size_t scratch_bytes(std::size_t num_rows) const noexcept override {
    return (distinct_.size() + 1) * std::min(num_rows, kPolynomialRows) * sizeof(double);
  }

  void evaluate(MatrixView<const double> rows, Span<double> out, std::byte* scratch) const noexcept override {
    for_each_block(rows.rows(), kPolynomialRows, [&](std::size_t first, std::size_t count) {
      evaluate_block(row_slice(rows, first, count), out.data() + first, reinterpret_cast<double*>(scratch));
    });
  }

  nlohmann::json write(ArchiveWriter& archive, const std::string& path) const override {
    const std::size_t num_terms = polynomial_.coefficients.size(), num_factors = polynomial_.factors.size();
    std::vector<std::int32_t> inputs, powers;
    for (const Polynomial::Factor& factor : polynomial_.factors) {
      inputs.push_back(factor.input);
      powers.push_back(factor.power);
    }
    PartTensorsWriter tensors(archive, path);
    tensors.add("coefficients", {num_terms}, polynomial_.coefficients);
    tensors.add("first_factor", {num_terms + 1}, polynomial_.first_factor);
    tensors.add("inputs", {num_factors}, inputs);
    tensors.add("powers", {num_factors}, powers);
    return {{"kind", kind()},         {"num_inputs", polynomial_.num_inputs}, {"base", polynomial_.base},
            {"num_terms", num_terms}, {"num_factors", num_factors},           {"tensors_crc32c", tensors.digest()}};
  }

 private:
  void evaluate_block(MatrixView<const double> rows, double* out, double* scratch) const noexcept {
    const std::size_t count = rows.rows();
    double* const term = scratch;
    double* const factors = scratch + count;  // one line of `count` values per distinct factor
    for (std::size_t f = 0; f < distinct_.size(); ++f) {
      for (std::size_t i = 0; i < count; ++i) {
        factors[f * count + i] =
            integer_power(rows(i, static_cast<std::size_t>(distinct_[f].input)), distinct_[f].power);
      }
    }
    std::fill(out, out + count, polynomial_.base);
    for (std::size_t t = 0; t < polynomial_.coefficients.size(); ++t) {
      std::fill(term, term + count, polynomial_.coefficients[t]);
      const auto end = static_cast<std::size_t>(polynomial_.first_factor[t + 1]);
      for (auto f = static_cast<std::size_t>(polynomial_.first_factor[t]); f < end; ++f) {
        const double* const line = factors + factor_positions_[f] * count;
        for (std::size_t i = 0; i < count; ++i) term[i] *= line[i];
      }
      for (std::size_t i = 0; i < count; ++i) out[i] += term[i];
    }
  }

  Polynomial polynomial_;
  std::vector<Polynomial::Factor> distinct_;
  std::vector<std::size_t> factor_positions_;  ///< in distinct_, per factor
};

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::kCorrupt, "polynomial: " + what);
}

void check(const Polynomial& polynomial) {
  const std::size_t num_terms = polynomial.coefficients.size(), num_factors = polynomial.factors.size();
  if (!std::isfinite(polynomial.base)) fail(fmt::format("the base is {}, it must be finite", polynomial.base));
  if (polynomial.first_factor.size() != num_terms + 1) {
    fail(fmt::format("{} terms and {} offsets of factors, expected one more than terms", num_terms,
                     polynomial.first_factor.size()));
  }
  std::int64_t last = 0;
  for (std::size_t t = 0; t <= num_terms; ++t) {
    const std::int64_t offset = polynomial.first_factor[t];
    if (offset < last || offset > static_cast<std::int64_t>(num_factors) || (t == 0 && offset != 0)) {
      fail(fmt::format("offset {} is {}, expected 0 and then an ascending one of at most {}", t, offset, num_factors));
    }
    last = offset;
  }
  if (last != static_cast<std::int64_t>(num_factors)) {
    fail(fmt::format("the terms have {} factors, there are {}", last, num_factors));
  }
  for (std::size_t t = 0; t < num_terms; ++t) {
    if (!std::isfinite(polynomial.coefficients[t])) {
      fail(fmt::format("coefficient {} is {}, it must be finite", t, polynomial.coefficients[t]));
    }
  }
  for (std::size_t f = 0; f < num_factors; ++f) {
    const Polynomial::Factor& factor = polynomial.factors[f];
    if (factor.input < 0 || static_cast<std::size_t>(factor.input) >= polynomial.num_inputs) {
      fail(fmt::format("factor {}: input {} is not one of {}", f, factor.input, polynomial.num_inputs));
    }
    if (factor.power < 1 || factor.power > kMaxPower) {
      fail(fmt::format("factor {}: the power is {}, allowed is 1 to {}", f, factor.power, kMaxPower));
    }
  }
}

}  // namespace

std::shared_ptr<const Evaluator> make_polynomial(Polynomial polynomial) {
  check(polynomial);
  return std::make_shared<PolynomialSum>(std::move(polynomial));
}

}  // namespace perfmodel
