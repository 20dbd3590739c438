// A model of how long a program takes in each of its configurations, carried from one server to another by ten
// measurements.
//
// There are no servers here: the times of both are made up. A program would run the other one in measure_ms(), and read
// what was measured on the source from a table: configurations_of(space, read_csv("source.csv")).

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "perfmodel/config/config_space.h"
#include "perfmodel/config/sampling.h"
#include "perfmodel/core/error.h"
#include "perfmodel/data/dataset.h"
#include "perfmodel/learner/registry.h"
#include "perfmodel/transfer/transfer.h"

namespace {

using namespace perfmodel;

// docs/formats-config.md. ConfigSpace::from_table() makes a space of a table's columns instead.
constexpr char kSpace[] = R"({"options": [
  {"name": "scheduler", "kind": "categorical", "levels": ["fair", "fifo", "batch"]},
  {"name": "num_threads", "kind": "ordinal", "levels": [1, 2, 4, 8]},
  {"name": "clock_mhz", "kind": "ordinal", "unit": "MHz", "levels": [800, 1600, 2400]}]})";

// A label's number is its place in the list: fair 0, fifo 1, batch 2.
double measure_ms(const std::vector<double>& values, double slowness) {
  const double waiting_ms = values[0] == 1 ? 4 : values[0] == 2 ? 1 : 2;
  return waiting_ms * slowness + 24000 / (values[1] * values[2]);
}

std::string text_of(const ConfigSpace& space, const Configuration& configuration) {
  std::string text;
  for (std::size_t i = 0; i < space.num_options(); ++i) {
    const Option& option = space.options()[i];
    text += (i == 0 ? "" : ", ") + option.name() + " " + option.text(configuration[i]);
  }
  return text;
}

void print_fastest(const Model& model, const TransferProblem& problem) {
  Workspace workspace(model.workspace_bytes(1));
  std::size_t fastest = 0;
  Prediction least;
  for (std::size_t i = 0; i < problem.candidates.size(); ++i) {
    const std::vector<double> row = problem.target_space.values(problem.candidates[i]);
    Prediction prediction;
    model.predict({row.data(), 1, row.size()}, {&prediction, 1}, workspace).throw_if_error();
    if (i > 0 && prediction.mean >= least.mean) continue;
    fastest = i;
    least = prediction;
  }
  std::printf("fastest: %s: %.2f ms, between %.2f and %.2f\n",
              text_of(problem.target_space, problem.candidates[fastest]).c_str(), least.mean, least.lower, least.upper);
}

}  // namespace

int main() try {
  const ConfigSpace space = ConfigSpace::from_json(kSpace);
  Dataset source({"scheduler", "num_threads", "clock_mhz"}, "time_ms");
  const std::vector<Configuration> all = full_factorial(space, {0, 1, 2});
  for (const Configuration& configuration : all) {
    source.add_row(space.values(configuration), measure_ms(space.values(configuration), 1));
  }
  const std::shared_ptr<const Learner> tree = builtin_learners().make("tree", R"({"log_target": true})");
  const Model source_model = tree->fit(source, {});

  TransferOptions options;
  options.budget = 10;
  const TransferProblem problem{space, space, source, all};  // the target has the same options
  const auto session = start_transfer("residual", problem, source_model, nullptr, options);
  for (const std::size_t candidate : session->ask(options.budget)) {
    session->tell(candidate, {measure_ms(space.values(problem.candidates[candidate]), 3), ""});
  }
  const Model model = session->model();
  for (const std::string& line : session->explain()) std::printf("%s\n", line.c_str());
  print_fastest(model, problem);
} catch (const perfmodel::Error& error) {
  std::fprintf(stderr, "transfer_model: %s\n", error.what());
  return 1;
}
