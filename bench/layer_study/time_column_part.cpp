#include "time_column_part.h"

#include "perfmodel/core/random.h"
#include "perfmodel/train/xgboost.h"
#include "setting_choice.h"
#include "study_data.h"
#include "study_report.h"

namespace perfmodel::bench {
namespace {

constexpr std::uint64_t kSplitStream = 800;

/// Error against the mean, which is what test rows hold, of a fit to another column.
Json run_step(const std::string& kind, const std::string& column, const StudyOptions& options,
              const Callbacks& callbacks) {
  const Dataset learnt = call_dataset(training_layers(options, kind, column), kind, FeatureSet::kPhysics);
  const Dataset means = call_dataset(training_layers(options, kind, "time_mean_ms"), kind, FeatureSet::kPhysics);
  const Split split =
      random_split(learnt.num_rows(), kChoosingFraction, Random(options.seed).fork(kSplitStream).bits());
  FitOptions fit;
  fit.seed = options.seed;
  fit.num_threads = options.num_threads;
  fit.callbacks = callbacks;
  const Model model = make_xgboost_learner({})->fit(learnt.subset(split.first), fit);
  const Dataset judged = means.subset(split.second);
  Json row = {{"layer", kind}, {"phase", layer_timing_name(LayerTiming::kTotal)}, {"time_column", column}};
  add_errors(row, judged.targets(), predict_all(model, judged), model.info().interval_level);
  return row;
}

std::vector<StudyStep> steps_of(const StudyOptions& options) {
  std::vector<StudyStep> steps;
  if (chosen_learners(options, {"xgboost"}).empty()) return steps;
  for (const std::string& kind : options.kinds) {
    for (const std::string column : {"time_mean_ms", "time_median_ms"}) {
      steps.push_back({kind + " " + column,
                       [=](const Callbacks& callbacks) { return run_step(kind, column, options, callbacks); }});
    }
  }
  return steps;
}

void report_columns(const std::vector<Json>& rows, const StudyOptions&, StudyReport& report) {
  if (rows.empty()) return;
  report.add_rows("layers_time_column", rows);
  MarkdownTable table;
  table.header = {"validation rows", "learnt by", "MAPE against time_mean_ms, %", "p95 of error %", "rows"};
  for (const Json& row : rows) {
    table.rows.push_back({row.at("layer").get<std::string>(), row.at("time_column").get<std::string>(),
                          number_text(row, "mape_pct", 3), number_text(row, "p95_ape_pct"),
                          number_text(row, "rows", 0)});
  }
  report.add_table("time_column", table);
}

}  // namespace

StudyPart time_column_part() {
  return {"time_column",
          "mean or median of the training rows' runs, on validation rows",
          steps_of,
          report_columns,
          {"xgboost"}};
}

}  // namespace perfmodel::bench
