#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>

#include "commands.h"
#include "json_line.h"
#include "layer_campaign.h"
#include "number_checks.h"
#include "perfmodel/core/build_info.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/core/error.h"
#include "progress_bar.h"
#include "require_writable.h"
#include "stop_signal.h"
#include "text_table.h"

namespace perfmodel::tools {
namespace {

std::vector<std::string> kind_names() {
  std::vector<std::string> names = {"conv", "pool"};
  for (int kind = 0; kind < kNumLayerKinds; ++kind) names.emplace_back(layer_kind_name(static_cast<LayerKind>(kind)));
  return names;
}

LayerBenchmarkOptions benchmark_options(const MeasureOptions& options) {
  LayerBenchmarkOptions benchmark;
  benchmark.device = options.device;
  benchmark.framework = options.framework;
  benchmark.num_threads = options.num_threads;
  benchmark.protocol.max_seconds = options.max_layer_s;
  return benchmark;
}

// Leaves a file alone that holds these rows already, so that what was made from it is not older than it.
void export_csv(const CampaignStore& store, const std::string& path) {
  const CsvTable table = store.to_csv_table();
  std::ifstream file(path, std::ios::binary);
  const std::string stored{std::istreambuf_iterator<char>(file), {}};
  if (stored != to_csv(table)) write_csv(table, path);
}

/// How the campaign ended, and the reason of the failures when no layer was measured.
struct Outcome {
  CampaignReport report;
  std::string why_all_failed;
};

Outcome run(const MeasureOptions& options, LayerBenchmark& benchmark) {
  ProgressBar bar;
  CampaignOptions campaign;
  campaign.num_candidates = options.num_layers;
  campaign.repeat_fraction = options.repeat_fraction;
  campaign.max_retry_seconds = options.max_retry_s;
  campaign.max_seconds = options.max_s;
  campaign.noise_column = "exe_ms";
  campaign.task = "measuring layers";
  campaign.callbacks = bar.callbacks();
  campaign.callbacks.cancelled = is_stopped;  // the layer under way is the last one

  const CampaignSchema schema = campaign_schema(options, benchmark.environment());
  const LayerSampler sampler = make_sampler(options);
  const auto measure = [&](CampaignRow& row) { measure_layer(benchmark, sampler, row); };
  if (!has_feature("sqlite")) {
    const CampaignReport report = run_plain_campaign(options.csv, schema, campaign, measure);
    return {report, reason_of_all_failures(read_csv(options.csv))};
  }
  CampaignStore store = CampaignStore::open(options.database, schema);
  const CampaignReport report = run_campaign(store, campaign, measure);
  if (!options.csv.empty()) export_csv(store, options.csv);
  return {report, reason_of_all_failures(store.to_csv_table())};
}

// A stop signal becomes an error that says how to go on.
Outcome run_until_stopped(const MeasureOptions& options, LayerBenchmark& benchmark) {
  take_stop_signals();
  try {
    return run(options, benchmark);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) {
      if (isatty(STDERR_FILENO) == 1) std::fputc('\n', stderr);  // what follows stands below the terminal's "^C"
      throw_if_stopped(has_feature("sqlite") ? "the same command goes on"
                                             : "the rows so far are in '" + options.csv + "'");
    }
    throw;
  }
}

void print_summary(const MeasureOptions& options, const Environment& environment, const CampaignReport& report) {
  if (options.json) {
    JsonObject line;
    line.add("device", environment.device).add("device_name", environment.device_name);
    line.add("framework", environment.framework).add("framework_version", environment.framework_version);
    line.add("num_layers", options.num_layers).add("num_measured", report.num_measured);
    line.add("num_resumed", report.num_resumed).add("num_failed", report.num_failed);
    line.add("num_retried", report.num_retried).add("complete", report.complete);
    line.add("noise_floor_pct", rounded(report.noise_floor_pct));
    std::printf("%s\n", line.text().c_str());
    return;
  }
  std::printf("%s (%s), %s %s, %d thread%s\n", environment.device.c_str(), environment.device_name.c_str(),
              environment.framework.c_str(), environment.framework_version.c_str(), environment.num_threads,
              environment.num_threads == 1 ? "" : "s");
  std::printf("%llu measurements by this run, %llu found in the file, %llu failed, %llu retried; %s\n",
              static_cast<unsigned long long>(report.num_measured), static_cast<unsigned long long>(report.num_resumed),
              static_cast<unsigned long long>(report.num_failed), static_cast<unsigned long long>(report.num_retried),
              report.complete ? "complete" : "not complete, the same command goes on");
  std::printf("noise floor: %s %% between two measurements of one layer\n", pct_text(report.noise_floor_pct).c_str());
}

void measure(const MeasureOptions& options) {
  if (has_feature("sqlite")) {
    if (options.database.empty()) throw CLI::RequiredError("--output");
  } else {
    if (options.csv.empty()) throw CLI::RequiredError("--csv (this build has no SQLite)");
    std::fprintf(stderr,
                 "without SQLite: rows go to '%s' as they are measured; a campaign that ends early cannot resume\n",
                 options.csv.c_str());
  }
  for (const std::string& path : {options.database, options.csv}) require_writable(path);
  LayerBenchmark benchmark(benchmark_options(options));
  const auto [report, why_all_failed] = run_until_stopped(options, benchmark);
  if (!has_feature("sqlite") && report.noise_floor_pct > CampaignOptions{}.max_noise_pct) {
    std::fprintf(stderr, "warning: the noise floor is above %g %%\n", CampaignOptions{}.max_noise_pct);
  }
  print_summary(options, benchmark.environment(), report);
  if (!why_all_failed.empty()) {
    throw Error(ErrorCode::kUnsupported, "no layer could be measured; most failed with: " + why_all_failed);
  }
}

}  // namespace

void add_measure_command(CLI::App& app) {
  auto options = std::make_shared<MeasureOptions>();
  CLI::App& command =
      *app.add_subcommand("measure", "Time layers drawn at random, in three phases; resumes where it ended");
  command.add_option("--output", options->database, "campaign file (SQLite), created or resumed");
  command.add_option("--csv", options->csv, "also write the campaign as CSV");
  command.add_option("--layers", options->num_layers, "layers to measure; train takes 20 or more of each kind")
      ->check(at_least(1))
      ->capture_default_str();
  command.add_option("--seed", options->seed, "decides which layers are drawn")->capture_default_str();
  command.add_option("--device", options->device)->check(CLI::IsMember({"cpu", "cuda"}))->capture_default_str();
  command.add_option("--framework", options->framework)
      ->check(CLI::IsMember({"eager", "optimized"}))
      ->capture_default_str();
  command.add_option("--ranges", options->ranges, "paper: ResPerfNet's table 3; wide: AlexNet's and VGG16's too")
      ->check(CLI::IsMember({"paper", "wide"}))
      ->capture_default_str();
  command.add_option("--around", options->around_fraction, "share of layers drawn around the shapes of real networks")
      ->check(between(0, 1))
      ->capture_default_str();
  command.add_option("--max-bytes", options->max_bytes, "cap on a layer's inputs, outputs and weights")
      ->check(at_least(1))
      ->capture_default_str();
  command.add_option("--max-flops", options->max_flops, "cap on a layer's work")
      ->check(at_least(1))
      ->capture_default_str();
  command
      .add_option("--repeat-fraction", options->repeat_fraction, "share of layers measured twice, for the noise floor")
      ->check(between(0, 1))
      ->capture_default_str();
  command.add_option("--max-retry-seconds", options->max_retry_s, "time for measuring disturbed layers again")
      ->check(at_least(0))
      ->capture_default_str();
  command.add_option("--max-seconds", options->max_s, "stop opening new layers after so long; 0: no limit")
      ->check(at_least(0))
      ->capture_default_str();
  command.add_option("--max-layer-seconds", options->max_layer_s, "stop sampling a layer after so long")
      ->check(above(0))
      ->capture_default_str();
  command.add_option("--threads", options->num_threads, "threads of the framework; one is pinned")
      ->check(at_least(1))
      ->capture_default_str();
  command
      .add_option(
          "--kinds", options->kinds,
          "layer kinds to draw. With others than conv2d, pool2d and dense: each as often (named twice: twice as "
          "often), in the forms that networks with branches have; --ranges does not matter")
      ->delimiter(',')
      ->check(CLI::IsMember(kind_names()))
      ->capture_default_str();
  command.add_flag("--json", options->json, "print the summary as one JSON object");
  command.callback([options] { measure(*options); });
}

}  // namespace perfmodel::tools
