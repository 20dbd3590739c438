#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "perfmodel/core/error.h"
#include "predict/evaluators.h"
#include "predict/row_blocks.h"

namespace perfmodel {
namespace {

class Mean final : public Evaluator {
 public:
  Mean(std::vector<std::shared_ptr<const Evaluator>> members, std::vector<double> weights, bool geometric)
      : members_(std::move(members)), weights_(std::move(weights)), geometric_(geometric) {
    total_weight_ = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  }

  const char* kind() const noexcept override { return "mean"; }
  std::size_t num_inputs() const noexcept override { return members_.front()->num_inputs(); }

  std::size_t scratch_bytes(std::size_t num_rows) const noexcept override {
    const std::size_t block = std::min(num_rows, kBlockRows);
    std::size_t member_bytes = 0;
    for (const auto& member : members_) member_bytes = std::max(member_bytes, member->scratch_bytes(block));
    return 2 * align64(block * sizeof(double)) + member_bytes;
  }

  bool takes_missing_values() const noexcept override {
    return std::all_of(members_.begin(), members_.end(),
                       [](const auto& member) { return member->takes_missing_values(); });
  }
  bool has_deviation() const noexcept override {
    return std::all_of(members_.begin(), members_.end(), [](const auto& member) { return member->has_deviation(); });
  }

  void evaluate(MatrixView<const double> rows, Span<double> out, std::byte* scratch) const noexcept override {
    run(rows, out, {}, scratch);
  }

  void evaluate_with_deviation(MatrixView<const double> rows, Span<double> out, Span<double> deviation,
                               std::byte* scratch) const noexcept override {
    if (has_deviation()) {
      run(rows, out, deviation, scratch);
    } else {
      Evaluator::evaluate_with_deviation(rows, out, deviation, scratch);
    }
  }

  nlohmann::json write(ArchiveWriter& archive, const std::string& path) const override {
    nlohmann::json members = nlohmann::json::array();
    for (std::size_t i = 0; i < members_.size(); ++i) {
      members.push_back(members_[i]->write(archive, fmt::format("{}/member{}", path, i)));
    }
    return {{"kind", kind()}, {"geometric", geometric_}, {"weights", weights_}, {"members", std::move(members)}};
  }

 private:
  /// @param deviation  none: not asked for
  void run(MatrixView<const double> rows, Span<double> out, Span<double> deviation, std::byte* scratch) const noexcept {
    const std::size_t block = std::min(rows.rows(), kBlockRows), block_bytes = align64(block * sizeof(double));
    double* const answers = reinterpret_cast<double*>(scratch);
    double* const deviations = reinterpret_cast<double*>(scratch + block_bytes);
    for_each_block(rows.rows(), kBlockRows, [&](std::size_t first, std::size_t count) {
      evaluate_block(row_slice(rows, first, count), out.subspan(first, count), answer_slice(deviation, first, count),
                     {answers, count}, {deviations, deviation.empty() ? 0 : count}, scratch + 2 * block_bytes);
    });
  }

  void evaluate_block(MatrixView<const double> rows, Span<double> out, Span<double> deviation, Span<double> answers,
                      Span<double> deviations, std::byte* member_scratch) const noexcept {
    std::fill(out.begin(), out.end(), 0.0);
    std::fill(deviation.begin(), deviation.end(), 0.0);
    for (std::size_t m = 0; m < members_.size(); ++m) {
      evaluate_part(*members_[m], rows, answers, deviations, member_scratch);
      const double weight = weights_[m] / total_weight_;
      for (std::size_t i = 0; i < out.size(); ++i) {
        const double answer = geometric_ ? std::max(answers[i], std::numeric_limits<double>::min()) : answers[i];
        out[i] += weight * (geometric_ ? std::log(answer) : answer);
        if (!deviation.empty()) deviation[i] += weight * (geometric_ ? deviations[i] / answer : deviations[i]);
      }
    }
    if (!geometric_) return;
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = std::exp(out[i]);
      if (!deviation.empty()) deviation[i] *= out[i];
    }
  }

  std::vector<std::shared_ptr<const Evaluator>> members_;
  std::vector<double> weights_;
  bool geometric_;
  double total_weight_ = 0;
};

}  // namespace

std::shared_ptr<const Evaluator> make_mean(std::vector<std::shared_ptr<const Evaluator>> members,
                                           std::vector<double> weights, bool geometric) {
  if (members.empty() || members.size() != weights.size()) {
    throw Error(ErrorCode::kCorrupt, fmt::format("mean: {} members and {} weights, expected one weight for each of at "
                                                 "least one member",
                                                 members.size(), weights.size()));
  }
  double total = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i]->num_inputs() != members.front()->num_inputs()) {
      throw Error(ErrorCode::kCorrupt, fmt::format("mean: member {} takes {} inputs, member 0 takes {}", i,
                                                   members[i]->num_inputs(), members.front()->num_inputs()));
    }
    if (!(weights[i] >= 0)) {
      throw Error(ErrorCode::kCorrupt, fmt::format("mean: weight {} is {}, it must be >= 0", i, weights[i]));
    }
    total += weights[i];
  }
  if (!(total > 0) || !std::isfinite(total)) {
    throw Error(ErrorCode::kCorrupt, fmt::format("mean: the weights sum to {}, it must be > 0 and finite", total));
  }
  return std::make_shared<Mean>(std::move(members), std::move(weights), geometric);
}

}  // namespace perfmodel
