#include "end_to_end.h"

#include <cmath>
#include <vector>

#include "json_line.h"
#include "perfmodel/core/csv.h"
#include "text_table.h"

namespace perfmodel::tools {
namespace {

// Of what the correction answers, network by network.
class Intervals {
 public:
  void add(const NetworkTime& time, double measured_ms) {
    const TimeEstimate& total = time.total;
    num_inside_ += measured_ms >= total.lower_ms && measured_ms <= total.upper_ms ? 1 : 0;
    num_in_domain_ += time.in_domain ? 1 : 0;
    if (total.mean_ms > 0) width_pct_ += 100 * (total.upper_ms - total.lower_ms) / total.mean_ms;
    ++count_;
  }

  void report(EndToEndErrors& errors) const {
    errors.in_domain_pct = 100 * num_in_domain_ / count_;
    if (errors.interval_level <= 0) return;
    errors.interval_coverage_pct = 100 * num_inside_ / count_;
    errors.interval_width_pct = width_pct_ / count_;
  }

 private:
  double num_inside_ = 0, num_in_domain_ = 0, width_pct_ = 0, count_ = 0;
};

}  // namespace

EndToEndErrors evaluate_end_to_end(const LayerTimePredictor& predictor, const NetworkCorrection& correction,
                                   Span<const TimedNetwork> networks, double one_factor) {
  EndToEndErrors errors;
  errors.one_factor = one_factor;
  errors.interval_level = correction.model().info().interval_level;
  if (networks.empty()) return errors;
  std::vector<double> measured_ms, sums_ms, scaled_ms, corrected_ms;
  Intervals intervals;
  for (const TimedNetwork& network : networks) {
    const NetworkTime time = correction.predict(predictor, network.layers);
    intervals.add(time, network.time_ms);
    measured_ms.push_back(network.time_ms);
    sums_ms.push_back(predictor.predict_sequence(network.layers).total.mean_ms);
    scaled_ms.push_back(one_factor * sums_ms.back());
    corrected_ms.push_back(time.total.mean_ms);
  }
  errors.sum_mape_pct = mape_pct(measured_ms, sums_ms);
  if (std::isfinite(one_factor)) errors.one_factor_mape_pct = mape_pct(measured_ms, scaled_ms);
  errors.corrected = compare(measured_ms, corrected_ms);
  intervals.report(errors);
  return errors;
}

std::string end_to_end_json(const EndToEndErrors& errors) {
  JsonObject line;
  line.add("networks", errors.corrected.rows).add("sum_mape_pct", rounded(errors.sum_mape_pct));
  line.add("one_factor", rounded(errors.one_factor, 5)).add("one_factor_mape_pct", rounded(errors.one_factor_mape_pct));
  const bool known = errors.corrected.rows > 0;
  line.add("mape_pct", known ? rounded(errors.corrected.mape_pct) : EndToEndErrors::kNone);
  line.add("within_10_pct", known ? rounded(errors.corrected.within_10_pct) : EndToEndErrors::kNone);
  line.add("p95_ape_pct", known ? rounded(errors.corrected.p95_ape_pct) : EndToEndErrors::kNone);
  line.add("interval_level", errors.interval_level);
  line.add("interval_coverage_pct", rounded(errors.interval_coverage_pct));
  line.add("interval_width_pct", rounded(errors.interval_width_pct));
  return line.add("in_domain_pct", rounded(errors.in_domain_pct)).text();
}

void print_end_to_end(const std::string& what, const EndToEndErrors& errors) {
  TextTable table({what, "MAPE %", "within 10 %", "in interval %", "its width %", "in domain %"});
  table.add_row({"sum of layers", pct_text(errors.sum_mape_pct), "-", "-", "-", "-"});
  if (std::isfinite(errors.one_factor_mape_pct)) {
    const std::string factor = format_number(rounded(errors.one_factor, 4));
    table.add_row({"sum x " + factor, pct_text(errors.one_factor_mape_pct), "-", "-", "-", "-"});
  }
  table.add_row({"corrected", pct_text(errors.corrected.mape_pct), pct_text(errors.corrected.within_10_pct),
                 pct_text(errors.interval_coverage_pct), pct_text(errors.interval_width_pct),
                 pct_text(errors.in_domain_pct)});
  table.print();
}

}  // namespace perfmodel::tools
