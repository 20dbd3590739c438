#include "features_part.h"

#include <algorithm>
#include <map>

#include "perfmodel/core/random.h"
#include "perfmodel/train/xgboost.h"
#include "setting_choice.h"
#include "study_data.h"
#include "study_report.h"

namespace perfmodel::bench {
namespace {

constexpr std::uint64_t kSplitStream = 810;
constexpr std::uint64_t kNumDraws = 3;
constexpr FeatureSet kSets[] = {FeatureSet::kPhysics, FeatureSet::kPhysicsTiles};

struct Step {
  std::string kind;
  FeatureSet features;
  std::uint64_t draw;
};

/// Both sets see the same rows of a draw.
Json run_step(const Step& step, const StudyOptions& options, const Callbacks& callbacks) {
  const Dataset rows = call_dataset(training_layers(options, step.kind), step.kind, step.features);
  const std::uint64_t split_seed = Random(options.seed).fork(kSplitStream + step.draw).bits();
  const Split split = random_split(rows.num_rows(), kChoosingFraction, split_seed);
  FitOptions fit;
  fit.seed = options.seed + step.draw;
  fit.num_threads = options.num_threads;
  fit.callbacks = callbacks;
  const Model model = make_xgboost_learner({})->fit(rows.subset(split.first), fit);
  const Dataset judged = rows.subset(split.second);
  Json row = {{"layer", step.kind},
              {"phase", layer_timing_name(LayerTiming::kTotal)},
              {"learner", "xgboost"},
              {"features", feature_set_name(step.features)},
              {"num_features", rows.num_features()},
              {"draw", step.draw}};
  add_errors(row, judged.targets(), predict_all(model, judged), model.info().interval_level);
  return row;
}

std::vector<StudyStep> steps_of(const StudyOptions& options) {
  std::vector<StudyStep> steps;
  if (chosen_learners(options, {"xgboost"}).empty()) return steps;
  for (std::uint64_t draw = 0; draw < std::min<std::uint64_t>(kNumDraws, options.num_draws); ++draw) {
    for (const std::string& kind : options.kinds) {
      const LayerKind layer = parse_layer_kind(kind);
      if (layer_feature_names(kSets[0], layer) == layer_feature_names(kSets[1], layer)) continue;
      for (const FeatureSet features : kSets) {
        const Step step{kind, features, draw};
        steps.push_back({kind + " " + feature_set_name(features) + " " + std::to_string(draw),
                         [=](const Callbacks& callbacks) { return run_step(step, options, callbacks); }});
      }
    }
  }
  return steps;
}

std::vector<std::string> cells_of(const std::string& kind, const std::string& says, const std::string& num_features,
                                  const std::vector<double>& values) {
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  double sum = 0;
  for (const double value : values) sum += value;
  std::vector<std::string> cells = {kind, says, num_features};
  for (const double value : {sum / static_cast<double>(values.size()), *least, *greatest}) {
    cells.push_back(number_text(Json{{"value", value}}, "value", 3));
  }
  cells.push_back(std::to_string(values.size()));
  return cells;
}

/// Errors by set, and what the larger set adds to those of the smaller one on the same rows.
void add_kind(const std::vector<Json>& rows, const std::string& kind, MarkdownTable& table) {
  std::map<std::string, std::map<std::uint64_t, double>> errors;  // by set and draw
  for (const FeatureSet features : kSets) {
    const std::string name = feature_set_name(features);
    std::vector<double> own;
    std::string num_features;
    for (const Json& row : rows) {
      if (row.at("layer") != kind || row.at("features") != name) continue;
      own.push_back(row.at("mape_pct").get<double>());
      errors[name][row.at("draw").get<std::uint64_t>()] = own.back();
      num_features = number_text(row, "num_features", 0);
    }
    if (!own.empty()) table.rows.push_back(cells_of(kind, name, num_features, own));
  }
  std::vector<double> differences;
  for (const auto& [draw, error] : errors[feature_set_name(kSets[1])]) {
    const auto other = errors[feature_set_name(kSets[0])].find(draw);
    if (other != errors[feature_set_name(kSets[0])].end()) differences.push_back(error - other->second);
  }
  if (!differences.empty()) table.rows.push_back(cells_of(kind, "difference", "-", differences));
}

void report_features(const std::vector<Json>& rows, const StudyOptions& options, StudyReport& report) {
  if (rows.empty()) return;
  report.add_rows("layers_features", rows);
  MarkdownTable table;
  table.header = {"validation rows", "features", "how many", "MAPE %, mean", "least", "greatest", "draws"};
  for (const std::string& kind : options.kinds) add_kind(rows, kind, table);
  report.add_table("features", table);
}

}  // namespace

StudyPart features_part() {
  return {"features",
          "physics features with and without tiles and waves, on validation rows",
          steps_of,
          report_features,
          {"xgboost"}};
}

}  // namespace perfmodel::bench
