#include "learners_part.h"

#include <algorithm>
#include <filesystem>

#include "learner_method.h"
#include "learners_report.h"
#include "perfmodel/core/csv.h"
#include "study_data.h"

namespace perfmodel::bench {
namespace {

void write_predictions(const std::string& path, Span<const double> measured,
                       const std::vector<Prediction>& predictions) {
  CsvTable table;
  table.columns = {"measured_ms", "predicted_ms"};
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    table.rows.push_back({format_number(measured[i]), format_number(predictions[i].mean)});
  }
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  write_csv(table, path);
}

Json run_step(const LearnerMethod& method, const std::string& kind, const StudyOptions& options,
              const Callbacks& callbacks) {
  FitOptions fit;
  fit.seed = options.seed;
  fit.num_threads = options.num_threads;
  fit.callbacks = callbacks;
  const FittedMethod fitted = method.fit(training_layers(options, kind), kind, fit);
  const Dataset test = call_dataset(device_layers(options, kind), kind, method.features);
  const std::vector<Prediction> predictions = fitted.predict(test);
  write_predictions(predictions_path(options, kind, method.name), test.targets(), predictions);

  Json row = {{"layer", kind},
              {"phase", layer_timing_name(LayerTiming::kTotal)},
              {"device", kTrainingDevice},
              {"method", method.name},
              {"learner", method.learner},
              {"features", feature_set_name(method.features)},
              {"time_column", kTrainingTime}};
  add_errors(row, test.targets(), predictions, fitted.interval_level);
  row.update(fitted.details);
  return row;
}

std::vector<StudyStep> steps_of(const StudyOptions& options) {
  std::vector<StudyStep> steps;
  for (const LearnerMethod& method : chosen_methods(options, method_names())) {
    for (const std::string& kind : options.kinds) {
      const bool same = method.name == "resperfnet_no_box_cox" && kind == "dense";
      if (same) continue;  // no feature of a dense layer passes Box-Cox
      steps.push_back(
          {kind + " " + method.name,
           [method, kind, options](const Callbacks& callbacks) { return run_step(method, kind, options, callbacks); },
           method.settings});
    }
  }
  return steps;
}

}  // namespace

StudyPart learners_part() {
  return {"learners", "every learner on the GTX 1080 Ti", steps_of, report_learners, method_names()};
}

}  // namespace perfmodel::bench
