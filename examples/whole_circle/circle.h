#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "perfmodel/config/config_space.h"
#include "perfmodel/knob/knob_driver.h"
#include "perfmodel/learner/model.h"
#include "perfmodel/measure/configuration_campaign.h"
#include "perfmodel/power/power_meter.h"

namespace perfmodel::tools {

/// Where configurations are measured. Sensors may be missing.
struct Machine {
  KnobDriver& driver;
  const std::vector<std::unique_ptr<PowerMeter>>& meters;
  const ThermalSensors* thermal = nullptr;
};

/// Two workloads of one space on one machine: what is known of the first is carried to the second.
struct CircleProblem {
  ConfigSpace space;
  std::string source_name, target_name;
  Workload source, target;
};

struct CircleOptions {
  std::string objective = "latency_ms_per_image";  ///< made as small as possible
  std::size_t num_source = 200;                    ///< configurations measured with the source workload
  std::size_t budget = 30;                         ///< with the target, for the transfer
  std::size_t num_checks = 40;  ///< with the target, to tell how good predictions are; no model sees them
  std::size_t num_candidates = 2000;
  int warmup_runs = 1, repeats = 3;
  std::uint64_t seed = 0;
  std::string folder = "out/circle";  ///< campaigns, the adapted model and the picture go there
};

/// A configuration with what was measured; NaN: it failed.
struct MeasuredConfiguration {
  Configuration configuration;
  double value = 0;
  std::string failure = {};  ///< why, where it did
};

/// How many of some configurations could be measured.
struct RowCounts {
  std::size_t num_ok = 0, num_failed = 0;
};
RowCounts count_rows(const std::vector<MeasuredConfiguration>& measured);

struct CircleResult {
  RowCounts source, target;  ///< target: what the transfer asked for
  std::vector<MeasuredConfiguration> checks;
  std::vector<Prediction> by_source, by_adapted;     ///< of `checks`
  double source_mape_pct = 0, adapted_mape_pct = 0;  ///< over the checks that did not fail
  Configuration best;
  Prediction best_predicted;
  double best_measured = 0;  ///< NaN: all tries failed
  int num_tries = 0;         ///< configurations tried for it, as the first ones may fail
};

/// Space -> source model -> what a transfer strategy wants to know -> knobs set, target measured -> adapted model ->
/// best configuration by prediction -> set and measured. What failed on the target teaches a forest what else is likely
/// to fail. Campaigns that were stopped go on where they were.
/// @throws Error as the parts do; kInvalidArgument: too little was measured without failure; says why rows failed where
///         all of a workload's did.
CircleResult go_round(const Machine& machine, const CircleProblem& problem, const CircleOptions& options);

inline std::string model_path(const CircleOptions& options) {
  return options.folder + "/target.safetensors";
}

/// The result as text for people or one JSON line, and a picture in options.folder where gnuplot is installed.
void report_circle(const CircleProblem& problem, const CircleOptions& options, const CircleResult& result, bool json);

}  // namespace perfmodel::tools
