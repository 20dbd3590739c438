#pragma once

#include <limits>
#include <string>
#include <vector>

#include "perfmodel/data/metrics.h"
#include "perfmodel/layer_time/network_correction.h"
#include "perfmodel/layer_time/skipped.h"

namespace perfmodel::tools {

/// Networks that a predictor has models for, and the names of those that it has not.
struct KnownNetworks {
  std::vector<TimedNetwork> networks;
  std::vector<std::string> unknown;
};

/// Leaves networks with a layer kind that has no model out, and adds them to `skipped`.
/// @throws Error kUnsupported: no network is left, says why.
KnownNetworks known_networks(const LayerTimePredictor& predictor, const std::vector<TimedNetwork>& networks,
                             std::vector<Skipped>& skipped);

/// One line on standard error that names those left out, the first ten; nothing where none was.
void warn_of_unknown(const std::string& path, const KnownNetworks& known);

/// A network that was timed from end to end, predicted.
struct EndToEndNetwork {
  const TimedNetwork* measured = nullptr;  ///< of the caller
  NetworkTime sum;                         ///< of its layers
  NetworkTime predicted;                   ///< corrected, or the sum where there is no correction
  bool is_corrected = false;
};

/// @param correction  nullptr: none
/// @param networks    must outlive what is returned
/// @throws Error what NetworkCorrection::predict() and predict_sequence() throw.
std::vector<EndToEndNetwork> predict_end_to_end(const LayerTimePredictor& predictor,
                                                const NetworkCorrection* correction,
                                                const std::vector<TimedNetwork>& networks);

/// How far predictions are from networks that were timed from end to end. What is not known is NaN.
struct EndToEndErrors {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  double sum_mape_pct = kNone;         ///< of the sum of the layers as it is
  double one_factor = kNone;           ///< one for all networks (fit_one_factor())
  double one_factor_mape_pct = kNone;  ///< of the sum times that
  bool is_corrected = false;           ///< whether `predicted` is that of a correction, or the sum
  ErrorReport predicted;               ///< 0 rows without networks
  double interval_level = 0;           ///< the least of all predictions; 0: one has no interval
  double interval_coverage_pct = kNone;
  double interval_width_pct = kNone;  ///< mean, of the prediction
  double in_domain_pct = kNone;       ///< networks inside what has been learnt
};

/// @param one_factor  fitted to other networks; NaN where there is none
EndToEndErrors end_to_end_errors(const std::vector<EndToEndNetwork>& networks,
                                 double one_factor = EndToEndErrors::kNone);

/// One network, and all of them, each as one JSON object; and all as a table for people that begins with `what` the
/// networks are.
std::string end_to_end_network_json(const EndToEndNetwork& network);
std::string end_to_end_json(const EndToEndErrors& errors, const std::vector<Skipped>& skipped);
void print_end_to_end(const std::string& what, const EndToEndErrors& errors);

}  // namespace perfmodel::tools
