#include <cmath>
#include <cstdio>

#include "circle.h"
#include "json_line.h"
#include "plot.h"

namespace perfmodel::tools {
namespace {

std::string text_of(const ConfigSpace& space, const Configuration& configuration) {
  std::string text;
  for (std::size_t i = 0; i < space.num_options(); ++i) {
    const Option& option = space.options()[i];
    text += (i == 0 ? "" : " ") + option.name() + "=" + option.text(configuration[i]);
  }
  return text;
}

ScatterPanel panel(const std::string& title, const std::vector<MeasuredConfiguration>& measured,
                   const std::vector<Prediction>& predicted) {
  ScatterPanel points{title, {}, {}};
  for (std::size_t i = 0; i < measured.size(); ++i) {
    if (!std::isfinite(measured[i].value)) continue;
    points.measured_ms.push_back(measured[i].value);
    points.predicted_ms.push_back(predicted[i].mean);
  }
  return points;
}

double error_pct(const CircleResult& result) {
  return 100 * std::fabs(result.best_predicted.mean - result.best_measured) / result.best_measured;
}

/// The least of what was measured; NaN: all failed.
double best_of(const std::vector<MeasuredConfiguration>& measured) {
  double best = std::nan("");
  for (const MeasuredConfiguration& one : measured) best = std::fmin(best, one.value);
  return best;
}

void print_json(const CircleProblem& problem, const CircleOptions& options, const CircleResult& result) {
  JsonObject line;
  line.add("source", problem.source_name).add("target", problem.target_name).add("objective", options.objective);
  line.add("source_measured", options.num_source).add("target_measured", options.budget);
  line.add("target_failed", result.num_failed).add("checks", result.checks.size());
  line.add("source_mape_pct", rounded(result.source_mape_pct))
      .add("adapted_mape_pct", rounded(result.adapted_mape_pct));
  line.add("best", text_of(problem.space, result.best)).add("best_predicted", result.best_predicted.mean);
  line.add("best_lower", result.best_predicted.lower).add("best_upper", result.best_predicted.upper);
  line.add("best_measured", result.best_measured).add("best_error_pct", rounded(error_pct(result)));
  line.add("best_tries", result.num_tries).add("checks_best", best_of(result.checks));
  std::printf("%s\n", line.text().c_str());
}

void print_text(const CircleProblem& problem, const CircleOptions& options, const CircleResult& result) {
  std::printf("%zu configurations of %s measured, %zu of %s (%zu failed)\n", options.num_source,
              problem.source_name.c_str(), options.budget, problem.target_name.c_str(), result.num_failed);
  std::printf("%s of %zu other configurations: %.1f %% off by the source's model, %.1f %% by the adapted one\n",
              options.objective.c_str(), result.checks.size(), result.source_mape_pct, result.adapted_mape_pct);
  std::printf("best by prediction: %s\n", text_of(problem.space, result.best).c_str());
  std::printf("predicted %.4g (%.4g to %.4g), measured %.4g: %.1f %% off, in try %d; best of the %zu others: %.4g\n",
              result.best_predicted.mean, result.best_predicted.lower, result.best_predicted.upper,
              result.best_measured, error_pct(result), result.num_tries, result.checks.size(), best_of(result.checks));
}

}  // namespace

void report_circle(const CircleProblem& problem, const CircleOptions& options, const CircleResult& result, bool json) {
  if (can_plot()) {
    plot_scatter(
        options.folder + "/circle.svg",
        {panel(problem.target_name + " by the model of " + problem.source_name, result.checks, result.by_source),
         panel("after " + std::to_string(options.budget) + " measurements", result.checks, result.by_adapted)});
  }
  if (json) {
    print_json(problem, options, result);
  } else {
    print_text(problem, options, result);
  }
}

}  // namespace perfmodel::tools
