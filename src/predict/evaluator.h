#pragma once

#include <cstddef>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/archive.h"
#include "perfmodel/core/error.h"
#include "perfmodel/core/span.h"

namespace perfmodel {

/// The part of a model that computes: raw feature rows in, one number per row out. Immutable and stateless; any number
/// of threads may evaluate at once. Each kind has a file form, written and read here.
class Evaluator {
 public:
  virtual ~Evaluator() = default;

  virtual const char* kind() const noexcept = 0;        ///< its name in model files
  virtual std::size_t num_inputs() const noexcept = 0;  ///< width of a row
  virtual std::size_t scratch_bytes(std::size_t num_rows) const noexcept = 0;

  /// @param rows     n x num_inputs(), finite; NaN stands for a missing value where takes_missing_values()
  /// @param out      n results
  /// @param scratch  scratch_bytes(n), aligned to 64 bytes
  virtual void evaluate(MatrixView<const double> rows, Span<double> out, std::byte* scratch) const noexcept = 0;

  /// Whether a row may lack values, which are NaN then: the model says what follows from that.
  virtual bool takes_missing_values() const noexcept { return false; }

  /// Whether this kind knows how sure each answer is.
  virtual bool has_deviation() const noexcept { return false; }
  /// As evaluate(), with the standard deviation of each answer, in its unit, >= 0; n zeros where has_deviation() is
  /// false. The same scratch.
  virtual void evaluate_with_deviation(MatrixView<const double> rows, Span<double> out, Span<double> deviation,
                                       std::byte* scratch) const noexcept;

  /// How much each input lowers the squared error in training, in shares of the sum; empty where it is not known.
  virtual std::vector<double> feature_importance() const { return {}; }

  /// Puts tensors under `path`/ and returns the JSON from which read_evaluator() makes an equal one.
  virtual nlohmann::json write(ArchiveWriter& archive, const std::string& path) const = 0;
};

/// Writes an evaluator with write().
/// @throws Error kInvalidArgument: nested deeper than 8 or more than 1000 parts, which read_evaluator() would not take.
nlohmann::json write_evaluator(const Evaluator& evaluator, ArchiveWriter& archive, const std::string& path);

/// Reads what write_evaluator() wrote.
/// @throws Error kCorrupt: an unknown kind or key, tensors that do not fit, nesting deeper than 8, more than
///         1000 parts.
std::shared_ptr<const Evaluator> read_evaluator(const nlohmann::json& json, const ArchiveReader& archive,
                                                const std::string& path);

/// evaluate_with_deviation(), or evaluate() where no deviation is asked for: for evaluators that ask others.
/// @param deviation  n elements, or none
void evaluate_part(const Evaluator& part, MatrixView<const double> rows, Span<double> out, Span<double> deviation,
                   std::byte* scratch) noexcept;

/// Rounds up to a multiple of 64, as scratch parts are laid out.
constexpr std::size_t align64(std::size_t bytes) noexcept {
  return (bytes + 63) / 64 * 64;
}

}  // namespace perfmodel
