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
    return align64(block * sizeof(double)) + member_bytes;
  }

  void evaluate(MatrixView<const double> rows, Span<double> out, std::byte* scratch) const noexcept override {
    const Span<double> answers(reinterpret_cast<double*>(scratch), std::min(rows.rows(), kBlockRows));
    std::byte* const member_scratch = scratch + align64(answers.size() * sizeof(double));
    for_each_block(rows.rows(), kBlockRows, [&](std::size_t first, std::size_t count) {
      evaluate_block(row_slice(rows, first, count), out.subspan(first, count), answers.subspan(0, count),
                     member_scratch);
    });
  }

  nlohmann::json write(ArchiveWriter& archive, const std::string& path) const override {
    nlohmann::json members = nlohmann::json::array();
    for (std::size_t i = 0; i < members_.size(); ++i) {
      members.push_back(members_[i]->write(archive, fmt::format("{}/member{}", path, i)));
    }
    return {{"kind", kind()}, {"geometric", geometric_}, {"weights", weights_}, {"members", std::move(members)}};
  }

 private:
  void evaluate_block(MatrixView<const double> rows, Span<double> out, Span<double> answers,
                      std::byte* member_scratch) const noexcept {
    std::fill(out.begin(), out.end(), 0.0);
    for (std::size_t m = 0; m < members_.size(); ++m) {
      members_[m]->evaluate(rows, answers, member_scratch);
      for (std::size_t i = 0; i < out.size(); ++i) {
        const double answer =
            geometric_ ? std::log(std::max(answers[i], std::numeric_limits<double>::min())) : answers[i];
        out[i] += weights_[m] / total_weight_ * answer;
      }
    }
    if (geometric_) {
      for (double& value : out) value = std::exp(value);
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
