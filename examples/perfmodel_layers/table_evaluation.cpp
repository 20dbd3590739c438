#include "table_evaluation.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "interval.h"
#include "perfmodel/core/error.h"
#include "train_report.h"

namespace perfmodel::tools {
namespace {

constexpr double kShortestMs = 0.001;  // as FitPredictorOptions::constant_below_ms

const char* times_of(LayerTiming timing) {
  return timing == LayerTiming::kTotal ? "whole calls" : "three phases";
}

void require_timing(const LayerTimePredictor& predictor, LayerTiming table) {
  const LayerTiming timing = predictor.environment().timing;
  if (timing == table) return;
  throw Error(ErrorCode::kMismatch, std::string("the table holds times of ") + times_of(table) +
                                        ", the predictor was trained on times of " + times_of(timing));
}

std::vector<LayerRow> rows_of(const LayerTable& table, LayerKind kind) {
  std::vector<LayerRow> rows;
  std::copy_if(table.rows.begin(), table.rows.end(), std::back_inserter(rows),
               [kind](const LayerRow& row) { return row.sample.layer.kind == kind; });
  return rows;
}

std::vector<LayerTime> predict_rows(const LayerTimePredictor& predictor, const std::vector<LayerRow>& rows) {
  std::vector<LayerSpec> layers;
  for (const LayerRow& row : rows) layers.push_back(row.sample.layer);
  std::vector<LayerTime> times(rows.size());
  Workspace workspace(predictor.workspace_bytes(rows.size()));
  for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {  // at once what has one context
    const LayerContext& context = rows[begin].sample.context;
    while (end < rows.size() && rows[end].sample.context.reuse_bytes == context.reuse_bytes) ++end;
    predictor.predict({&layers[begin], end - begin}, context, {&times[begin], end - begin}, workspace).throw_if_error();
  }
  return times;
}

double percent(double part, double whole) {
  return 100 * part / whole;
}

// A phase by itself may be too short for any clock; a whole call is what its table says, as where it is learnt from.
bool is_below_clock(double ms, LayerTiming timing) {
  return timing == LayerTiming::kPhases && ms < kShortestMs;
}

// Adds up what is reported of one kind and phase.
class Errors {
 public:
  void add(const LayerRow& row, const LayerTime& time, Phase phase) {
    const double measured_ms = row.phase_ms[static_cast<int>(phase)];
    const TimeEstimate& estimate = time.phase[static_cast<int>(phase)];
    measured_ms_.push_back(measured_ms);
    predicted_ms_.push_back(estimate.mean_ms);
    num_inside_ += measured_ms >= estimate.lower_ms && measured_ms <= estimate.upper_ms ? 1 : 0;
    num_in_domain_ += time.in_domain ? 1 : 0;
    if (estimate.mean_ms > 0) width_pct_ += percent(estimate.upper_ms - estimate.lower_ms, estimate.mean_ms);
    if (row.spread_ms > 0) {
      spread_pct_ += percent(row.spread_ms, measured_ms);
      ++num_spreads_;
    }
  }

  bool empty() const { return measured_ms_.empty(); }

  LayerErrors result(LayerKind kind, Phase phase, double interval_level) const {
    LayerErrors errors;
    errors.kind = kind;
    errors.phase = phase;
    errors.errors = compare(measured_ms_, predicted_ms_);
    const auto num_rows = static_cast<double>(measured_ms_.size());
    errors.in_domain_pct = percent(static_cast<double>(num_in_domain_), num_rows);
    if (interval_level == kReportedLevel) {
      errors.coverage_pct = percent(static_cast<double>(num_inside_), num_rows);
      errors.interval_width_pct = width_pct_ / num_rows;
    }
    if (num_spreads_ > 0) errors.spread_pct = spread_pct_ / static_cast<double>(num_spreads_);
    return errors;
  }

 private:
  std::vector<double> measured_ms_, predicted_ms_;
  std::size_t num_inside_ = 0, num_in_domain_ = 0, num_spreads_ = 0;
  double width_pct_ = 0, spread_pct_ = 0;
};

std::string no_model_for(LayerKind kind) {
  return "no model for layer kind '" + short_kind_name(kind) + "'";
}

}  // namespace

std::vector<LayerErrors> evaluate_layers(const LayerTimePredictor& predictor, const LayerTable& table,
                                         std::vector<Skipped>& skipped) {
  const LayerTiming timing = table.environment.timing;
  require_timing(predictor, timing);
  std::vector<LayerErrors> all;
  std::vector<Skipped> below_clock;
  for (int index = 0; index < kNumLayerKinds; ++index) {
    const auto kind = static_cast<LayerKind>(index);
    const std::vector<LayerRow> rows = rows_of(table, kind);
    if (rows.empty()) continue;
    predictor.features(kind);  // throws where the kind has no model, and says which kinds have one
    const std::vector<LayerTime> times = predict_rows(predictor, rows);
    for (const Phase phase : told_phases(timing)) {
      Errors errors;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (is_below_clock(rows[i].phase_ms[static_cast<int>(phase)], timing)) {
          count_skipped(below_clock, short_kind_name(kind) + " " + phase_name(phase, timing) + " below 1 us");
        } else {
          errors.add(rows[i], times[i], phase);
        }
      }
      if (!errors.empty()) all.push_back(errors.result(kind, phase, interval_level(predictor, kind, phase)));
    }
  }
  if (all.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "none of the table's times can be compared: " +
                    (below_clock.empty() ? "it holds no layers" : skipped_text(below_clock)));
  }
  skipped.insert(skipped.end(), below_clock.begin(), below_clock.end());
  return all;
}

double TableNetwork::ape_pct() const {
  return percent(std::fabs(predicted.total.mean_ms - measured.total_ms()), measured.total_ms());
}

std::vector<TableNetwork> evaluate_networks(const LayerTimePredictor& predictor, const NetworkTable& table,
                                            std::vector<Skipped>& skipped) {
  require_timing(predictor, LayerTiming::kTotal);
  std::vector<TableNetwork> networks;
  std::vector<Skipped> without_model;
  for (const MeasuredNetwork& network : table.networks) {
    const auto unknown = std::find_if(network.layers.begin(), network.layers.end(),
                                      [&](const LayerSpec& layer) { return !predictor.knows(layer.kind); });
    if (unknown != network.layers.end()) {
      count_skipped(without_model, no_model_for(unknown->kind));
      continue;
    }
    networks.push_back({network, predictor.predict_sequence(network.layers)});
  }
  if (networks.empty()) {
    throw Error(ErrorCode::kUnsupported,
                "none of the table's networks can be predicted: " + skipped_text(without_model));
  }
  skipped.insert(skipped.end(), without_model.begin(), without_model.end());
  return networks;
}

}  // namespace perfmodel::tools
