#include <cmath>

#include "coverage_text.h"
#include "end_to_end.h"
#include "json_line.h"
#include "perfmodel/core/csv.h"
#include "skipped_report.h"
#include "text_table.h"

namespace perfmodel::tools {

std::string end_to_end_network_json(const EndToEndNetwork& network) {
  const TimeEstimate& total = network.predicted.total;
  const double measured_ms = network.measured->time_ms;
  const bool has_interval = network.predicted.interval_level > 0;
  JsonObject line;
  line.add("network", network.measured->name).add("batch", network.measured->layers.front().batch);
  line.add("measured_ms", rounded(measured_ms, 5)).add("predicted_ms", rounded(total.mean_ms, 5));
  line.add("ape_pct", rounded(100 * std::fabs(total.mean_ms - measured_ms) / measured_ms));
  line.add("sum_ms", rounded(network.sum.total.mean_ms, 5));
  line.add("lower_ms", has_interval ? rounded(total.lower_ms, 5) : EndToEndErrors::kNone);
  line.add("upper_ms", has_interval ? rounded(total.upper_ms, 5) : EndToEndErrors::kNone);
  line.add("interval_level", network.predicted.interval_level).add("in_domain", network.predicted.in_domain);
  return line.add_json("coverage", coverage_json(network.predicted.coverage)).text();
}

std::string end_to_end_json(const EndToEndErrors& errors, const std::vector<Skipped>& skipped) {
  JsonObject line;
  line.add("networks", errors.predicted.rows).add("corrected", errors.is_corrected);
  line.add("sum_mape_pct", rounded(errors.sum_mape_pct));
  line.add("one_factor", rounded(errors.one_factor, 5)).add("one_factor_mape_pct", rounded(errors.one_factor_mape_pct));
  const bool known = errors.predicted.rows > 0;
  line.add("mape_pct", known ? rounded(errors.predicted.mape_pct) : EndToEndErrors::kNone);
  line.add("within_10_pct", known ? rounded(errors.predicted.within_10_pct) : EndToEndErrors::kNone);
  line.add("p95_ape_pct", known ? rounded(errors.predicted.p95_ape_pct) : EndToEndErrors::kNone);
  line.add("interval_level", errors.interval_level);
  line.add("interval_coverage_pct", rounded(errors.interval_coverage_pct));
  line.add("interval_width_pct", rounded(errors.interval_width_pct));
  line.add("in_domain_pct", rounded(errors.in_domain_pct));
  return line.add_json("skipped", skipped_json(skipped)).text();
}

void print_end_to_end(const std::string& what, const EndToEndErrors& errors) {
  TextTable table({what, "MAPE %", "within 10 %", "in interval %", "its width %", "in domain %"});
  const auto add_predicted = [&](const char* name) {
    table.add_row({name, pct_text(errors.predicted.mape_pct), pct_text(errors.predicted.within_10_pct),
                   pct_text(errors.interval_coverage_pct), pct_text(errors.interval_width_pct),
                   pct_text(errors.in_domain_pct)});
  };
  if (errors.is_corrected) {
    table.add_row({"sum of layers", pct_text(errors.sum_mape_pct), "-", "-", "-", "-"});
  } else {
    add_predicted("sum of layers");
  }
  if (std::isfinite(errors.one_factor_mape_pct)) {
    const std::string factor = format_number(rounded(errors.one_factor, 4));
    table.add_row({"sum x " + factor, pct_text(errors.one_factor_mape_pct), "-", "-", "-", "-"});
  }
  if (errors.is_corrected) add_predicted("corrected");
  table.print();
}

}  // namespace perfmodel::tools
