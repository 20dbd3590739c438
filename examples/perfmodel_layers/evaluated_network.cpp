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
  double sum = layers.front().phases[static_cast<int>(Phase::kPreprocess)].median_ms +
               layers.back().phases[static_cast<int>(Phase::kPostprocess)].median_ms;
  for (const ProtocolResult& layer : layers) sum += layer.phases[static_cast<int>(Phase::kExecution)].median_ms;
  return sum;
}

}  // namespace perfmodel::tools
