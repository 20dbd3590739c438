#pragma once

#include <cstdint>
#include <string>

#include "perfmodel/core/callbacks.h"
#include "perfmodel/core/export.h"
#include "perfmodel/data/dataset.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

/// What every fit takes besides its data.
struct FitOptions {
  std::uint64_t seed = 0;
  int num_threads = 1;                ///< threads the fit may use; the same number gives the same bits
  double validation_fraction = 0.15;  ///< of the rows: choose when to stop and calibrate intervals, never train on them
  double interval_level = 0.9;  ///< in (0, 1); 0: no interval, which saves fitting without some rows to calibrate it
  Callbacks callbacks;
};

/// Turns data into a model. Holds options only, so one learner may fit any number of data sets, from any thread.
class PERFMODEL_EXPORT Learner {
 public:
  virtual ~Learner();

  /// The field's name for it, e.g. "resperfnet".
  virtual std::string name() const = 0;

  /// @param data  rows to learn from; positive targets where the learner's loss needs them.
  /// @throws Error kInvalidArgument (empty data, too few rows, a target the loss cannot take; names the row),
  ///         kCancelled.
  virtual Model fit(const Dataset& data, const FitOptions& options) const = 0;
};

/// Learns nothing but the median of the targets: for quantities too small to model.
class PERFMODEL_EXPORT ConstantLearner final : public Learner {
 public:
  std::string name() const override { return "constant"; }
  Model fit(const Dataset& data, const FitOptions& options) const override;
};

}  // namespace perfmodel
