#include "end_to_end_part.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "json_line.h"
#include "network_data.h"
#include "perfmodel/core/random.h"
#include "perfmodel/layer_time/network_correction.h"
#include "study_data.h"
#include "study_report.h"

namespace perfmodel::bench {
namespace {

constexpr double kTestFraction = 1.0 / 3;
constexpr std::uint64_t kSplitStream = 920;
constexpr const char* kPredictorLearner = "xgboost";

struct Networks {
  std::vector<TimedNetwork> training, test;
  std::string skipped;
};

Networks read_networks(const StudyOptions& options, LayerSizes sizes, std::uint64_t draw) {
  TimedNetworkOptions table_options;
  table_options.sizes = sizes;
  TimedNetworkTable table = read_timed_networks(options.data + "/e2e_networks/networks.csv", table_options);
  if (options.max_rows > 0 && table.networks.size() > options.max_rows) table.networks.resize(options.max_rows);
  const std::uint64_t seed = Random(options.seed).fork(kSplitStream + draw).bits();
  const Split split = random_split(table.networks.size(), kTestFraction, seed);
  Networks networks;
  for (const std::size_t index : split.first) networks.training.push_back(table.networks[index]);
  for (const std::size_t index : split.second) networks.test.push_back(table.networks[index]);
  networks.skipped = skipped_text(table.skipped);
  return networks;
}

void add_simple(Json& row, const LayerTimePredictor& predictor, const Networks& networks) {
  const double factor = fit_one_factor(predictor, networks.training);
  std::vector<double> measured, sums, scaled;
  for (const TimedNetwork& network : networks.test) {
    measured.push_back(network.time_ms);
    sums.push_back(predictor.predict_sequence(network.layers).total.mean_ms);
    scaled.push_back(factor * sums.back());
  }
  row["sum_mape_pct"] = tools::rounded(mape_pct(measured, sums), 3);
  row["one_factor"] = tools::rounded(factor, 4);
  row["one_factor_mape_pct"] = tools::rounded(mape_pct(measured, scaled), 3);
}

void add_correction(Json& row, const LayerTimePredictor& predictor, const Networks& networks,
                    const NetworkCorrection& correction) {
  std::vector<double> measured;
  std::vector<Prediction> predicted;
  double num_in_domain = 0;
  for (const TimedNetwork& network : networks.test) {
    const NetworkTime time = correction.predict(predictor, network.layers);
    measured.push_back(network.time_ms);
    predicted.push_back({time.total.mean_ms, time.total.lower_ms, time.total.upper_ms, time.in_domain});
    num_in_domain += time.in_domain ? 1 : 0;
  }
  add_errors(row, measured, predicted, correction.model().info().interval_level);
  row["in_domain_pct"] = tools::rounded(100 * num_in_domain / static_cast<double>(networks.test.size()), 2);
  row["ratio"] = tools::rounded(row.at("mape_pct").get<double>() / row.at("one_factor_mape_pct").get<double>(), 4);
}

struct Step {
  LayerSizes sizes;
  std::string learner;
  std::uint64_t draw;
};

const char* sizes_name(LayerSizes sizes) {
  return sizes == LayerSizes::kFromInput ? "from input" : "as recorded";
}

Json run_step(const Step& step, const StudyOptions& options, const Callbacks& callbacks) {
  const Networks networks = read_networks(options, step.sizes, step.draw);
  const LayerTimePredictor predictor = fit_device(layers_of_device(options, kTrainingDevice).training,
                                                  *layer_learner(kPredictorLearner), options, callbacks);
  FitOptions fit;
  fit.seed = options.seed + step.draw;
  fit.num_threads = options.num_threads;
  fit.callbacks = callbacks;
  const std::unique_ptr<Learner> learner = layer_learner(step.learner);
  const NetworkCorrection correction = fit_network_correction(predictor, networks.training, *learner, fit);
  Json row = {{"sizes", sizes_name(step.sizes)},
              {"learner", step.learner},
              {"draw", step.draw},
              {"training_networks", networks.training.size()},
              {"skipped", networks.skipped}};
  add_simple(row, predictor, networks);
  add_correction(row, predictor, networks, correction);
  return row;
}

std::vector<StudyStep> steps_of(const StudyOptions& options) {
  std::vector<Step> all;
  for (const std::string& learner : chosen_layer_learners(options, {"xgboost", "perfnet", "layer_blend"})) {
    for (std::uint64_t draw = 0; draw < std::min<std::uint64_t>(3, options.num_draws); ++draw)
      all.push_back({LayerSizes::kFromInput, learner, draw});
  }
  if (!all.empty()) all.push_back({LayerSizes::kAsRecorded, all.front().learner, 0});
  std::vector<StudyStep> steps;
  for (const Step& step : all) {
    steps.push_back({step.learner + " sizes " + sizes_name(step.sizes) + " " + std::to_string(step.draw),
                     [=](const Callbacks& callbacks) { return run_step(step, options, callbacks); }});
  }
  return steps;
}

void report_end_to_end(const std::vector<Json>& rows, const StudyOptions&, StudyReport& report) {
  if (rows.empty()) return;
  report.add_rows("layers_end_to_end", rows);
  MarkdownTable table;
  table.header = {"sizes",
                  "learner of the correction",
                  "draw",
                  "sum, MAPE %",
                  "one factor, MAPE %",
                  "correction, MAPE %",
                  "of one factor's",
                  "within 10 %",
                  "in 90 % interval, %",
                  "width %"};
  for (const Json& row : rows) {
    table.rows.push_back({row.at("sizes").get<std::string>(), row.at("learner").get<std::string>(),
                          number_text(row, "draw", 0), number_text(row, "sum_mape_pct", 1),
                          number_text(row, "one_factor_mape_pct", 1), number_text(row, "mape_pct"),
                          number_text(row, "ratio"), number_text(row, "within_10_pct", 1),
                          number_text(row, "coverage_90_pct", 1), number_text(row, "interval_width_pct", 1)});
  }
  report.add_table("end_to_end", table);
}

}  // namespace

StudyPart end_to_end_part() {
  return {"end_to_end", "random networks timed from end to end", steps_of, report_end_to_end, layer_learner_names()};
}

}  // namespace perfmodel::bench
