#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "perfmodel/core/error.h"
#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"
#include "perfmodel/data/metrics.h"
#include "perfmodel/learner/workspace.h"

namespace perfmodel {

class Evaluator;

/// A feature as a model knows it.
struct PERFMODEL_EXPORT FeatureInfo {
  std::string name;
  std::string unit;    ///< "" for counts
  double minimum = 0;  ///< over the training rows; outside of [minimum, maximum] a row is out of domain
  double maximum = 0;
  bool used = true;  ///< false: it did not vary in training and was left out

  /// Whether `value` lies in the range that was learnt, but for what computing it on another machine changes.
  bool contains(double value) const noexcept;
};

/// One answer of a model, in the unit of its target.
struct Prediction {
  double mean = 0;
  double lower = 0, upper = 0;  ///< interval at the model's `interval_level`, both the mean when that is 0
  bool in_domain = true;        ///< whether every feature, used or not, is there and lies in the range that was learnt
};

/// What predict() does with a value that is not there, which is NaN in a row.
enum class MissingValues {
  kRefuse,    ///< the row is an error
  kAsLearnt,  ///< the model answers, where it defines how: XGBoost's trees have a direction for it at each split
};

/// What is known about a fit, kept with the model.
struct ModelInfo {
  std::string kind;                   ///< e.g. "resperfnet", "constant"
  std::string preset;                 ///< the learner's preset, e.g. "paper"; may be empty
  std::string target;                 ///< name of the target column; its suffix is the unit of every prediction
  std::vector<FeatureInfo> features;  ///< in the order of a row
  std::size_t training_rows = 0;
  std::string training_hash;  ///< of the training data, hexadecimal
  double interval_level = 0;  ///< of the interval, calibrated on rows that the fit did not see; 0: not calibrated
  /// Interval = mean x these factors. Where the model knows how sure each answer is: mean x factor^(standard deviation
  /// / |mean|), so that they are the factors for a deviation of 100 %; >= 0 then, and a mean of 0 has no interval.
  double interval_lower_factor = 1;
  double interval_upper_factor = 1;
  ErrorReport held_out;  ///< on rows that took no part in the fit; rows = 0 when there were none
};

/// A fitted model: immutable, cheap to copy (shared), safe to use from any number of threads at once. Fitted by
/// whatever learner, it is evaluated here, without LibTorch or XGBoost.
class PERFMODEL_EXPORT Model {
 public:
  /// @throws Error kMismatch: not as many features as the evaluator has inputs; kInvalidArgument: no evaluator, a range
  ///         or interval that is none.
  Model(ModelInfo info, std::shared_ptr<const Evaluator> evaluator);

  const ModelInfo& info() const noexcept { return *info_; }
  std::size_t num_features() const noexcept { return info_->features.size(); }

  /// Whether the model defines what a missing value means.
  bool takes_missing_values() const noexcept;

  /// Whether it knows how sure each answer is: the interval's width then depends on the row (ModelInfo says how).
  bool knows_deviation() const noexcept;

  /// Workspace that predict() needs for `num_rows` rows.
  std::size_t workspace_bytes(std::size_t num_rows) const noexcept;

  /// @param rows       n x num_features(), row-major, in the units of info().features; finite, or NaN
  ///                   where a value is missing.
  /// @param out        n predictions. Untouched unless the status is ok.
  /// @param workspace  at least workspace_bytes(n).
  /// @return           ok; kMismatch (row width or size of `out`; status.given and needed), kBufferTooSmall (workspace;
  ///                   likewise), kInvalidArgument (null rows or `out`, a stride below the row width; a value that is
  ///                   not finite: status.index is the row, column_index the feature; a row so far from what was learnt
  ///                   that its answer is not: status.index); kUnsupported (kAsLearnt, a value is missing and the model
  ///                   does not define what that means; status.index and column_index).
  Status predict(MatrixView<const double> rows, Span<Prediction> out, Workspace& workspace,
                 MissingValues missing = MissingValues::kRefuse) const noexcept;

  /// The same model with other knowledge about it, e.g. a calibration made later.
  Model with_info(ModelInfo info) const;

  /// Writes one model file (docs/formats.md): to a temporary beside `path`, synced, renamed.
  /// @throws Error kIo, kNoSpace, kPermission, kNotFound (no such folder); kInvalidArgument: a name that is not UTF-8.
  void save(const std::string& path) const;

  /// Reads a model file from disk or memory; nothing of it is referred to afterwards.
  /// @throws Error kNotFound, kPermission, kIo; kCorrupt (truncated, wrong checksum, tensors that do not fit);
  ///         kVersion (unknown format); kMismatch (the file of something else, e.g. a predictor; says what it holds).
  static Model load(const std::string& path);
  static Model load(Span<const std::byte> file);

  const Evaluator& evaluator() const noexcept { return *evaluator_; }  ///< for perfmodel's own parts
  const std::shared_ptr<const Evaluator>& shared_evaluator() const noexcept { return evaluator_; }

 private:
  std::shared_ptr<const ModelInfo> info_;
  std::shared_ptr<const Evaluator> evaluator_;
};

}  // namespace perfmodel
