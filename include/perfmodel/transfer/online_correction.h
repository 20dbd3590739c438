#pragma once

#include <cstddef>
#include <memory>

#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

struct CorrectionOptions {
  double half_life = 10;        ///< measurements after which one counts half, >= 1; more where conditions hardly change
  bool fit_slope = true;        ///< false: a factor alone (b = 1)
  double interval_level = 0.9;  ///< of the corrected model
};

/// Keeps a model in use true to a device that drifts: it heats up, shares its memory, gets another driver. Each new
/// measurement corrects it, in constant time and memory.
///
///     OnlineCorrection correction(model);
///     correction.tell(row, measured_ms);        // whenever the program has timed a configuration
///     const Model corrected = correction.model();
///
/// It fits log measured = a + b log predicted by recursive least squares with exponential forgetting (Astrom and
/// Wittenmark, Adaptive Control, 2nd edition, section 2.2, theorem 2.4). With y = log(measured / predicted),
/// x = [1, log predicted - log first prediction] and l = 2^(-1 / half_life), each measurement updates
///
///     R = l R + x x',  v = l v + x y,  [offset, b - 1] = (R + R0)^-1 v.
///
/// We keep the information R, not its inverse, and add R0 = diag(0.01, 0.11), the weight of a prior that the offset is
/// about 0 +- 1 and b about 1 +- 0.3 at 10 % noise. So nothing grows without bound where the same configuration is
/// measured for ever, and b stays 1 until the predictions differ enough to tell it.
///
/// An error beyond 3 times the running scale of the errors is cut to that (Huber, 1964): an outlier moves little. Three
/// such in a row on the same side are no outliers but a change: all before them is forgotten.
///
/// One thread at a time may call its methods; the models that it gives are immutable and anybody's.
class PERFMODEL_EXPORT OnlineCorrection {
 public:
  /// @param model  any model whose target is > 0: of a source, adapted, or fitted here. To go on after a restart give
  ///               the model as it was before correction: a correction of a correction nests.
  /// @throws Error kInvalidArgument: half_life < 1 or not finite, interval_level outside (0, 1).
  explicit OnlineCorrection(Model model, const CorrectionOptions& options = {});
  ~OnlineCorrection();
  OnlineCorrection(OnlineCorrection&& other) noexcept;
  OnlineCorrection& operator=(OnlineCorrection&& other) noexcept;

  /// Takes a measurement.
  /// @param row       the model's features
  /// @param measured  in the unit of the model's target
  /// @throws Error kMismatch (width of the row); kInvalidArgument (a feature or `measured` that is not finite,
  ///         `measured` <= 0, a row for which the model's answer is <= 0). Nothing changes then.
  void tell(Span<const double> row, double measured);

  std::size_t num_told() const noexcept;

  /// The model, corrected by what was told so far; the model itself before that. It saves to a file like any other.
  ///
  /// The interval comes from the latest 59 errors of answers given before their measurement was known, by conformal
  /// prediction; where these are too few for the level (19 at 0.9) from their running scale by Student's t. It is as
  /// wide for all rows, relative to the mean: what the model knows of the deviation of each answer (a Gaussian process
  /// does) is lost, as the drift that the errors show is much the same for all rows.
  Model model() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace perfmodel
