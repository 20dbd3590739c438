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

std::string ok_and_failed(const RowCounts& rows) {
  return std::to_string(rows.num_ok) + " ok, " + std::to_string(rows.num_failed) + " failed";
}

/// What the picture of the adapted model says: on how many rows it was fitted.
std::string caption(const RowCounts& target) {
  const std::string all = std::to_string(target.num_ok + target.num_failed) + " measurements";
  return target.num_failed == 0 ? "after " + all
                                : "after " + all + " (" + std::to_string(target.num_failed) + " failed)";
}

/// @return where it is; empty: gnuplot is missing.
std::string draw(const CircleProblem& problem, const CircleOptions& options, const CircleResult& result) {
  if (!can_plot()) return "";
  const std::string path = options.folder + "/circle.svg";
  plot_scatter(path,
               {panel(problem.target_name + " by the model of " + problem.source_name, result.checks, result.by_source),
                panel(caption(result.target), result.checks, result.by_adapted)});
  return path;
}

void print_json(const CircleProblem& problem, const CircleOptions& options, const CircleResult& result,
                const std::string& picture) {
  const RowCounts checks = count_rows(result.checks);
  JsonObject line;
  line.add("source", problem.source_name).add("target", problem.target_name).add("objective", options.objective);
  line.add("source_measured", options.num_source).add("target_measured", options.budget);
  line.add("checks", result.checks.size());
  line.add("source_failed", result.source.num_failed).add("target_failed", result.target.num_failed);
  line.add("checks_failed", checks.num_failed);
  line.add("source_mape_pct", rounded(result.source_mape_pct))
      .add("adapted_mape_pct", rounded(result.adapted_mape_pct));
  line.add("best", text_of(problem.space, result.best)).add("best_predicted", result.best_predicted.mean);
  line.add("best_lower", result.best_predicted.lower).add("best_upper", result.best_predicted.upper);
  line.add("best_measured", result.best_measured).add("best_error_pct", rounded(error_pct(result)));
  line.add("best_tries", result.num_tries).add("checks_best", best_of(result.checks));
  line.add("model", model_path(options)).add_json("picture", picture.empty() ? "null" : json_string(picture));
  std::printf("%s\n", line.text().c_str());
}

void print_text(const CircleProblem& problem, const CircleOptions& options, const CircleResult& result,
                const std::string& picture) {
  const RowCounts checks = count_rows(result.checks);
  std::printf("%zu configurations of %s: %s; %zu of %s: %s\n", options.num_source, problem.source_name.c_str(),
              ok_and_failed(result.source).c_str(), options.budget, problem.target_name.c_str(),
              ok_and_failed(result.target).c_str());
  std::printf("%zu others of %s: %s\n", result.checks.size(), problem.target_name.c_str(),
              ok_and_failed(checks).c_str());
  std::printf("%s of the %zu that are ok: %.1f %% off by the source's model, %.1f %% by the adapted one\n",
              options.objective.c_str(), checks.num_ok, result.source_mape_pct, result.adapted_mape_pct);
  std::printf("best by prediction: %s\n", text_of(problem.space, result.best).c_str());
  std::printf(
      "predicted %.4g (90 %% interval %.4g to %.4g), measured %.4g: %.1f %% off, in try %d; best of the %zu: %.4g\n",
      result.best_predicted.mean, result.best_predicted.lower, result.best_predicted.upper, result.best_measured,
      error_pct(result), result.num_tries, checks.num_ok, best_of(result.checks));
  std::printf("model: %s\n%s%s\n", model_path(options).c_str(), picture.empty() ? "" : "picture: ",
              picture.empty() ? "no picture, as gnuplot is not installed" : picture.c_str());
}

}  // namespace

void report_circle(const CircleProblem& problem, const CircleOptions& options, const CircleResult& result, bool json) {
  const std::string picture = draw(problem, options, result);
  if (json) {
    print_json(problem, options, result, picture);
  } else {
    print_text(problem, options, result, picture);
  }
}

}  // namespace perfmodel::tools
