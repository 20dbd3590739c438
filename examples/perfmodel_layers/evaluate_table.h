#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace perfmodel::tools {

/// What a predictor is compared with when there is nothing to time here: a table of measured layers or networks.
struct EvaluateTableOptions {
  std::vector<std::string> models;    ///< predictor files that know different kinds
  std::string data;                   ///< layers of a campaign or of whole calls, or networks, as CSV
  std::string correction;             ///< of networks timed from end to end; empty: the sum of their layers
  std::string layer;                  ///< kind of a table of whole calls; empty: its columns tell
  std::string time_column;            ///< of published tables; empty: time_median_ms
  std::string device;                 ///< only networks measured on it; empty: the predictor's, or all
  std::vector<std::int64_t> batches;  ///< only networks of these batch sizes; empty: all
  bool json = false;                  ///< print nothing but JSON objects, one per line
};

/// Prints the errors of the predictors on the table. What is left out of it goes to standard error.
/// @throws CLI::ValidationError: an option that the table has no use for.
void evaluate_table(const EvaluateTableOptions& options);

}  // namespace perfmodel::tools
