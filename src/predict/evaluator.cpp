#include "predict/evaluator.h"

#include <algorithm>

namespace perfmodel {

void Evaluator::evaluate_with_deviation(MatrixView<const double> rows, Span<double> out, Span<double> deviation,
                                        std::byte* scratch) const noexcept {
  evaluate(rows, out, scratch);
  std::fill(deviation.begin(), deviation.end(), 0.0);
}

void evaluate_part(const Evaluator& part, MatrixView<const double> rows, Span<double> out, Span<double> deviation,
                   std::byte* scratch) noexcept {
  if (deviation.empty()) {
    part.evaluate(rows, out, scratch);
  } else {
    part.evaluate_with_deviation(rows, out, deviation, scratch);
  }
}

}  // namespace perfmodel
