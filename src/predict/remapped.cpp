#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "perfmodel/core/error.h"
#include "predict/evaluators.h"
#include "predict/row_blocks.h"

namespace perfmodel {
namespace {

class Remapped final : public Evaluator {
 public:
  Remapped(std::size_t num_inputs, std::vector<std::int32_t> inputs, std::vector<InputMap> maps,
           std::shared_ptr<const Evaluator> inner)
      : num_inputs_(num_inputs), inputs_(std::move(inputs)), maps_(std::move(maps)), inner_(std::move(inner)) {}

  const char* kind() const noexcept override { return "remapped"; }
  std::size_t num_inputs() const noexcept override { return num_inputs_; }

  std::size_t scratch_bytes(std::size_t num_rows) const noexcept override {
    const std::size_t block = std::min(num_rows, kBlockRows);
    return rows_bytes(block) + inner_->scratch_bytes(block);
  }

  bool takes_missing_values() const noexcept override { return inner_->takes_missing_values(); }
  bool has_deviation() const noexcept override { return inner_->has_deviation(); }

  void evaluate(MatrixView<const double> rows, Span<double> out, std::byte* scratch) const noexcept override {
    evaluate_with_deviation(rows, out, {}, scratch);
  }

  void evaluate_with_deviation(MatrixView<const double> rows, Span<double> out, Span<double> deviation,
                               std::byte* scratch) const noexcept override {
    const std::size_t width = inputs_.size();
    double* const mapped = reinterpret_cast<double*>(scratch);
    std::byte* const inner_scratch = scratch + rows_bytes(std::min(rows.rows(), kBlockRows));
    for_each_block(rows.rows(), kBlockRows, [&](std::size_t first, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = 0; j < width; ++j) {
          mapped[i * width + j] = map_input(maps_[j], rows(first + i, static_cast<std::size_t>(inputs_[j])));
        }
      }
      evaluate_part(*inner_, {mapped, count, width}, out.subspan(first, count), answer_slice(deviation, first, count),
                    inner_scratch);
    });
  }

  nlohmann::json write(ArchiveWriter& archive, const std::string& path) const override {
    nlohmann::json maps = nlohmann::json::array();
    for (const InputMap& map : maps_) maps.push_back({{"from", map.from}, {"to", map.to}});
    return {{"kind", kind()},
            {"num_inputs", num_inputs_},
            {"inputs", inputs_},
            {"maps", std::move(maps)},
            {"inner", inner_->write(archive, path + "/inner")}};
  }

 private:
  std::size_t rows_bytes(std::size_t block) const noexcept { return align64(block * inputs_.size() * sizeof(double)); }

  std::size_t num_inputs_;
  std::vector<std::int32_t> inputs_;
  std::vector<InputMap> maps_;
  std::shared_ptr<const Evaluator> inner_;
};

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::kCorrupt, "remapped: " + what);
}

void check(const InputMap& map, std::size_t index) {
  if (map.from.size() != map.to.size()) {
    fail(fmt::format("map {} has {} knots and {} values, expected as many", index, map.from.size(), map.to.size()));
  }
  for (std::size_t k = 0; k < map.from.size(); ++k) {
    if (!std::isfinite(map.from[k]) || !std::isfinite(map.to[k])) {
      fail(fmt::format("map {}: knot {} is ({}, {}), it must be finite", index, k, map.from[k], map.to[k]));
    }
    if (k > 0 && !(map.from[k] > map.from[k - 1])) {
      fail(fmt::format("map {}: knot {} at {} does not come after {}", index, k, map.from[k], map.from[k - 1]));
    }
  }
}

}  // namespace

double map_input(const InputMap& map, double value) noexcept {
  if (map.from.empty() || std::isnan(value)) return value;
  const auto above = std::upper_bound(map.from.begin(), map.from.end(), value);
  if (above == map.from.begin()) return map.to.front();
  if (above == map.from.end()) return map.to.back();
  const auto k = static_cast<std::size_t>(above - map.from.begin()) - 1;
  const double share = (value - map.from[k]) / (map.from[k + 1] - map.from[k]);
  return map.to[k] + share * (map.to[k + 1] - map.to[k]);
}

std::shared_ptr<const Evaluator> make_remapped(std::size_t num_inputs, std::vector<std::int32_t> inputs,
                                               std::vector<InputMap> maps, std::shared_ptr<const Evaluator> inner) {
  if (inputs.size() != inner->num_inputs() || maps.size() != inputs.size()) {
    fail(fmt::format("{} inputs and {} maps, '{}' takes {}", inputs.size(), maps.size(), inner->kind(),
                     inner->num_inputs()));
  }
  for (std::size_t j = 0; j < inputs.size(); ++j) {
    if (inputs[j] < 0 || static_cast<std::size_t>(inputs[j]) >= num_inputs) {
      fail(fmt::format("input {} is not one of {}", inputs[j], num_inputs));
    }
    check(maps[j], j);
  }
  return std::make_shared<Remapped>(num_inputs, std::move(inputs), std::move(maps), std::move(inner));
}

}  // namespace perfmodel
