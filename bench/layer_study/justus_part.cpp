#include "justus_part.h"

#include "learner_method.h"
#include "perfmodel/core/random.h"
#include "perfmodel/layer_time/call_table.h"
#include "study_data.h"
#include "study_report.h"

namespace perfmodel::bench {
namespace {

constexpr double kTestFraction = 0.2;
constexpr std::uint64_t kSplitStream = 700;

LayerTable rows_at(const LayerTable& table, const std::vector<std::size_t>& indices) {
  LayerTable out = table;
  out.rows.clear();
  for (const std::size_t index : indices) out.rows.push_back(table.rows[index]);
  return out;
}

/// How far the repeated runs of a row lie apart, in percent of its time: what no model can know.
void add_spread(Json& row, const LayerTable& table) {
  std::vector<double> spreads;
  double sum = 0;
  for (const LayerRow& layer : table.rows) {
    spreads.push_back(100 * layer.spread_ms / layer.phase_ms[static_cast<int>(Phase::kExecution)]);
    sum += spreads.back();
  }
  row["spread_median_pct"] = median(spreads);
  row["spread_mean_pct"] = sum / static_cast<double>(spreads.size());
}

Json run_step(const LearnerMethod& method, const std::string& kind, const std::string& device,
              const StudyOptions& options, const Callbacks& callbacks) {
  const std::string path = options.data + "/justus_layers/" + kind + "_" + device + ".csv";
  const CallTableOptions call{parse_layer_kind(kind), "time_median_ms", device};
  const LayerTable table = first_rows(read_call_table(path, call), options);  // forward passes alone
  FitOptions fit;
  fit.seed = options.seed;
  fit.num_threads = options.num_threads;
  fit.callbacks = callbacks;
  const Split split = random_split(table.rows.size(), kTestFraction, Random(options.seed).fork(kSplitStream).bits());
  const FittedMethod fitted = method.fit(rows_at(table, split.first), kind, fit);
  const LayerTable held_out = rows_at(table, split.second);
  const Dataset test = call_dataset(held_out, kind, method.features);

  Json row = {{"layer", kind},
              {"phase", layer_timing_name(LayerTiming::kTotal)},
              {"device", device},
              {"method", method.name},
              {"learner", method.learner},
              {"features", feature_set_name(method.features)},
              {"time_column", call.time_column}};
  add_errors(row, test.targets(), fitted.predict(test), fitted.interval_level);
  add_spread(row, held_out);
  row.update(fitted.details);
  return row;
}

std::vector<StudyStep> steps_of(const StudyOptions& options) {
  std::vector<StudyStep> steps;
  for (const LearnerMethod& method : chosen_methods(options, {"xgboost", "perfnet", "layer_blend"})) {
    for (const std::string& kind : options.kinds) {
      if (kind == "pool") continue;  // none were measured
      for (const std::string device : {"1080ti", "p100", "k80"}) {
        steps.push_back({kind + " " + device + " " + method.name,
                         [=](const Callbacks& callbacks) { return run_step(method, kind, device, options, callbacks); },
                         method.settings});
      }
    }
  }
  return steps;
}

void report_justus(const std::vector<Json>& rows, const StudyOptions&, StudyReport& report) {
  if (rows.empty()) return;
  report.add_rows("layers_justus", rows);
  MarkdownTable table;
  table.header = {"layer, GPU, total of a call",
                  "learner",
                  "features",
                  "MAPE %",
                  "within 10 %",
                  "p95 of error %",
                  "R2",
                  "in 90 % interval, %",
                  "mean width, %",
                  "rows' own spread: median %, mean %",
                  "trained on, tested on"};
  for (const Json& row : rows) {
    table.rows.push_back({row.at("layer").get<std::string>() + ", " + row.at("device").get<std::string>(),
                          row.at("method").get<std::string>(), row.at("features").get<std::string>(),
                          number_text(row, "mape_pct"), number_text(row, "within_10_pct", 1),
                          number_text(row, "p95_ape_pct", 1), number_text(row, "r2", 4),
                          number_text(row, "coverage_90_pct", 1), number_text(row, "interval_width_pct", 1),
                          number_text(row, "spread_median_pct") + ", " + number_text(row, "spread_mean_pct"),
                          number_text(row, "training_rows", 0) + ", " + number_text(row, "rows", 0)});
  }
  report.add_table("justus", table);
}

}  // namespace

StudyPart justus_part() {
  return {"justus", "the layers of Justus et al., each GPU by itself", steps_of, report_justus, method_names()};
}

}  // namespace perfmodel::bench
