#include <cmath>
#include <limits>

#include "evaluation.h"
#include "perfmodel/data/metrics.h"

namespace perfmodel::tools {

double EvaluatedNetwork::measured_ms() const {
  if (samples_ms.size() >= kFewestSamples) return median(samples_ms);
  std::vector<double> all = samples_ms;
  all.insert(all.end(), disturbed_ms.begin(), disturbed_ms.end());
  return median(all);
}

double EvaluatedNetwork::ape_pct() const {
  return 100 * std::fabs(predicted.total.mean_ms - measured_ms()) / measured_ms();
}

double EvaluatedNetwork::sum_of_layers_ms() const {
  if (layers.empty()) return std::numeric_limits<double>::quiet_NaN();
  const std::vector<NetworkEnds>& ends = network.ends();
  double sum = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto add = [&](Phase phase) { sum += layers[i].phases[static_cast<std::size_t>(phase)].median_ms; };
    if (ends[i].first) add(Phase::kPreprocess);
    add(Phase::kExecution);
    if (ends[i].last) add(Phase::kPostprocess);
  }
  return sum;
}

}  // namespace perfmodel::tools
