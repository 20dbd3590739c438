#pragma once

#include <cstddef>
#include <limits>
#include <string>

#include "perfmodel/data/metrics.h"
#include "perfmodel/layer_time/network_correction.h"

namespace perfmodel::tools {

/// How far predictions are from networks that were timed from end to end. What is not known is NaN.
struct EndToEndErrors {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  double sum_mape_pct = kNone;         ///< of the sum of the layers as it is
  double one_factor = kNone;           ///< one for all networks (fit_one_factor())
  double one_factor_mape_pct = kNone;  ///< of the sum times that
  ErrorReport corrected;               ///< of the correction; 0 rows without networks
  double interval_level = 0;           ///< 0: the correction has no interval
  double interval_coverage_pct = kNone;
  double interval_width_pct = kNone;  ///< mean, of the prediction
  double in_domain_pct = kNone;       ///< networks inside what the correction has learnt
};

/// @param one_factor  fitted to other networks; NaN where there is none
/// @throws Error what NetworkCorrection::predict() throws.
EndToEndErrors evaluate_end_to_end(const LayerTimePredictor& predictor, const NetworkCorrection& correction,
                                   Span<const TimedNetwork> networks, double one_factor = EndToEndErrors::kNone);

/// As one JSON object, and as a table for people that begins with `what` the networks are.
std::string end_to_end_json(const EndToEndErrors& errors);
void print_end_to_end(const std::string& what, const EndToEndErrors& errors);

}  // namespace perfmodel::tools
