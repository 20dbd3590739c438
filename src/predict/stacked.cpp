#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "perfmodel/core/error.h"
#include "predict/evaluators.h"
#include "predict/row_blocks.h"

namespace perfmodel {
namespace {

class Stacked final : public Evaluator {
 public:
  Stacked(std::shared_ptr<const Evaluator> inner, std::shared_ptr<const Evaluator> outer, bool keep_row, bool log_inner)
      : inner_(std::move(inner)), outer_(std::move(outer)), keep_row_(keep_row), log_inner_(log_inner) {}

  const char* kind() const noexcept override { return "stacked"; }
  std::size_t num_inputs() const noexcept override { return inner_->num_inputs(); }

  std::size_t scratch_bytes(std::size_t num_rows) const noexcept override {
    const std::size_t block = std::min(num_rows, kBlockRows);
    return answers_bytes(block) + outer_rows_bytes(block) +
           std::max(inner_->scratch_bytes(block), outer_->scratch_bytes(block));
  }

  bool takes_missing_values() const noexcept override {
    return inner_->takes_missing_values() && (!keep_row_ || outer_->takes_missing_values());
  }
  bool has_deviation() const noexcept override { return outer_->has_deviation(); }

  void evaluate(MatrixView<const double> rows, Span<double> out, std::byte* scratch) const noexcept override {
    evaluate_with_deviation(rows, out, {}, scratch);
  }

  void evaluate_with_deviation(MatrixView<const double> rows, Span<double> out, Span<double> deviation,
                               std::byte* scratch) const noexcept override {
    const std::size_t block = std::min(rows.rows(), kBlockRows);
    double* const answers = reinterpret_cast<double*>(scratch);
    double* const outer_rows = reinterpret_cast<double*>(scratch + answers_bytes(block));
    std::byte* const part_scratch = scratch + answers_bytes(block) + outer_rows_bytes(block);
    for_each_block(rows.rows(), kBlockRows, [&](std::size_t first, std::size_t count) {
      const MatrixView<const double> slice = row_slice(rows, first, count);
      inner_->evaluate(slice, {answers, count}, part_scratch);
      fill_outer_rows(slice, answers, outer_rows);
      evaluate_part(*outer_, {outer_rows, count, outer_->num_inputs()}, out.subspan(first, count),
                    answer_slice(deviation, first, count), part_scratch);
    });
  }

  std::vector<double> feature_importance() const override {
    return keep_row_ ? std::vector<double>() : inner_->feature_importance();  // outer sees the row through inner alone
  }

  nlohmann::json write(ArchiveWriter& archive, const std::string& path) const override {
    return {{"kind", kind()},
            {"keep_row", keep_row_},
            {"log_inner", log_inner_},
            {"inner", inner_->write(archive, path + "/inner")},
            {"outer", outer_->write(archive, path + "/outer")}};
  }

 private:
  static std::size_t answers_bytes(std::size_t block) noexcept { return align64(block * sizeof(double)); }
  std::size_t outer_rows_bytes(std::size_t block) const noexcept {
    return align64(block * outer_->num_inputs() * sizeof(double));
  }

  void fill_outer_rows(MatrixView<const double> rows, const double* answers, double* outer_rows) const noexcept {
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      if (keep_row_) outer_rows = std::copy(rows.row(i).begin(), rows.row(i).end(), outer_rows);
      *outer_rows++ = log_inner_ ? std::log(std::max(answers[i], std::numeric_limits<double>::min())) : answers[i];
    }
  }

  std::shared_ptr<const Evaluator> inner_, outer_;
  bool keep_row_, log_inner_;
};

}  // namespace

std::shared_ptr<const Evaluator> make_stacked(std::shared_ptr<const Evaluator> inner,
                                              std::shared_ptr<const Evaluator> outer, bool keep_row, bool log_inner) {
  const std::size_t expected = keep_row ? inner->num_inputs() + 1 : 1;
  if (outer->num_inputs() != expected) {
    throw Error(ErrorCode::kCorrupt, fmt::format("stacked: the outer '{}' takes {} inputs, it is given {}",
                                                 outer->kind(), outer->num_inputs(), expected));
  }
  return std::make_shared<Stacked>(std::move(inner), std::move(outer), keep_row, log_inner);
}

}  // namespace perfmodel
