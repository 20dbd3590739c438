#include <chrono>
#include <csignal>
#include <cstdio>
#include <limits>
#include <map>

#include "json_line.h"
#include "options.h"
#include "perfmodel/config/sampling.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/core/error.h"
#include "perfmodel/measure/campaign.h"
#include "perfmodel/measure/command.h"
#include "tables.h"

namespace perfmodel::tools {
namespace {

// Set by SIGINT and SIGTERM: the measurement under way is killed, what is measured stays in the campaign.
volatile std::sig_atomic_t g_interrupted = 0;

// A larger space is represented by that many of its configurations.
constexpr std::size_t kMaxCandidates = 20000;

CampaignStore open_store(const TransferToolOptions& options, const ConfigSpace& space) {
  CampaignSchema schema;
  schema.purpose = "transfer";
  for (const Option& option : space.options()) schema.input_columns.push_back(option.name());
  schema.output_columns = {options.objective};
  schema.identity = {{"measuring_command", options.measure}, {"config_space", space.to_json()}};
  return CampaignStore::open(options.output, schema);
}

/// Asks the command, unless the campaign holds that configuration already.
class LiveTarget {
 public:
  LiveTarget(const TransferToolOptions& options, const ConfigSpace& space)
      : options_(options), space_(space), store_(open_store(options, space)) {
    for (const CampaignRow& row : store_.rows()) known_.emplace(row.candidate, to_outcome(row));
  }

  Outcome measure(const Configuration& configuration) {
    const std::uint64_t index = space_.index_of(configuration);
    const auto known = known_.find(index);
    Outcome outcome;
    if (known != known_.end()) {
      ++num_resumed_;
      outcome = known->second;
    } else {
      const CampaignRow row = run(configuration, index);
      store_.append(row);
      outcome = to_outcome(row);
    }
    num_failed_ += outcome.failure.empty() ? 0 : 1;
    return outcome;
  }

  std::size_t num_resumed() const noexcept { return num_resumed_; }
  std::size_t num_failed() const noexcept { return num_failed_; }

 private:
  static Outcome to_outcome(const CampaignRow& row) {
    return row.ok ? Outcome{row.outputs.front(), {}} : Outcome{0, row.reason};
  }

  CampaignRow run(const Configuration& configuration, std::uint64_t index) const {
    using Clock = std::chrono::steady_clock;
    CampaignRow row;
    row.candidate = index;
    row.inputs = space_.values(configuration);
    std::vector<std::pair<std::string, std::string>> arguments;
    for (std::size_t i = 0; i < configuration.size(); ++i) {
      arguments.emplace_back(space_.options()[i].name(), space_.options()[i].text(configuration[i]));
    }
    row.started_unix_s = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    const auto start = Clock::now();
    try {
      row.outputs = {objective_in(
          run_measuring_command({options_.measure, options_.timeout_s}, arguments, [] { return g_interrupted != 0; }))};
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kCancelled) throw;
      row.ok = false;
      row.reason = error.what();
      row.outputs = {std::numeric_limits<double>::quiet_NaN()};
      std::fprintf(stderr, "configuration %llu: %s\n", static_cast<unsigned long long>(index), error.what());
    }
    row.duration_s = std::chrono::duration<double>(Clock::now() - start).count();
    return row;
  }

  double objective_in(const std::map<std::string, double>& answer) const {
    const auto named = answer.find(options_.objective);
    const bool is_alone = answer.size() == 1 && answer.begin()->first.empty();
    if (named == answer.end() && !is_alone) {
      throw Error(ErrorCode::kParse, "the measuring command did not answer '" + options_.objective + "'");
    }
    const double value = is_alone ? answer.begin()->second : named->second;
    if (value > 0) return value;
    throw Error(ErrorCode::kParse, "the measuring command answered " + format_number(value) + " for '" +
                                       options_.objective + "', more than 0 is allowed");
  }

  const TransferToolOptions& options_;
  const ConfigSpace& space_;
  CampaignStore store_;
  std::map<std::uint64_t, Outcome> known_;
  std::size_t num_resumed_ = 0, num_failed_ = 0;
};

std::vector<Configuration> candidates_of(const ConfigSpace& space, std::uint64_t seed) {
  return sample_random(space, kMaxCandidates, seed);
}

std::string text_of(const ConfigSpace& space, const Configuration& configuration) {
  std::string text;
  for (std::size_t i = 0; i < configuration.size(); ++i) {
    text += (i == 0 ? "" : " ") + space.options()[i].name() + "=" + space.options()[i].text(configuration[i]);
  }
  return text;
}

/// What is known of one candidate.
struct Answer {
  std::size_t candidate = 0;
  bool measured = false;
  Prediction prediction;  ///< the measured value, if it was measured
};

/// The candidate of the least value, measured or else predicted; one that failed is none.
/// @param outcomes  what was told, by candidate
Answer best_answer(const Model& model, const TransferProblem& problem, const std::map<std::size_t, Outcome>& outcomes) {
  Workspace workspace(model.workspace_bytes(1));
  Answer best;
  best.prediction.mean = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < problem.candidates.size(); ++i) {
    Answer answer{i, outcomes.count(i) != 0, {}};
    if (answer.measured) {
      const Outcome& outcome = outcomes.at(i);
      if (!outcome.failure.empty()) continue;
      answer.prediction = {outcome.value, outcome.value, outcome.value, true};
    } else {
      const std::vector<double> row = problem.target_space.values(problem.candidates[i]);
      model.predict({row.data(), 1, row.size()}, {&answer.prediction, 1}, workspace).throw_if_error();
    }
    if (answer.prediction.mean < best.prediction.mean) best = answer;
  }
  return best;
}

}  // namespace

void transfer_live(const TransferToolOptions& options) {
  const std::vector<std::string> strategies = strategies_named(options.strategies);
  if (strategies.size() != 1 || options.learners.size() != 1) {
    throw Error(ErrorCode::kInvalidArgument, "--measure takes one strategy and one learner");
  }
  const CsvTable table = read_csv(options.source);
  const ConfigSpace source_space = space_of(table, options.source_space, options.objective, options.ignored);
  const ConfigSpace target_space = options.space.empty() ? source_space : ConfigSpace::read(options.space);
  const MeasuredTable source = measured_table(options.source, table, source_space, options.objective);
  const TransferProblem problem =
      problem_from(source, options.objective, target_space, candidates_of(target_space, options.seed));

  const LearnerPair learner = learners_named(options.learners.front());
  FitOptions fit;
  fit.seed = options.seed;
  fit.num_threads = options.num_threads;
  const Model source_model = learner.source->fit(problem.source, fit);
  const auto session = start_transfer(strategies.front(), problem, source_model, learner.target,
                                      transfer_options(options, options.seed));

  std::signal(SIGINT, [](int) { g_interrupted = 1; });
  std::signal(SIGTERM, [](int) { g_interrupted = 1; });
  LiveTarget target(options, target_space);
  std::map<std::size_t, Outcome> outcomes;
  while (outcomes.size() < options.budget) {
    const std::vector<std::size_t> asked = session->ask(options.budget - outcomes.size());
    if (asked.empty()) break;
    for (const std::size_t candidate : asked) {
      const Outcome outcome = target.measure(problem.candidates[candidate]);
      session->tell(candidate, outcome);
      outcomes.emplace(candidate, outcome);
    }
  }
  const Model model = session->model();
  if (!options.model.empty()) model.save(options.model);
  for (const std::string& words : session->explain()) std::fprintf(stderr, "%s\n", words.c_str());

  const Answer best = best_answer(model, problem, outcomes);
  const std::string configuration = text_of(target_space, problem.candidates[best.candidate]);
  const Prediction& value = best.prediction;
  if (options.json) {
    JsonObject line;
    line.add("source", source.name).add("objective", options.objective).add("strategy", session->strategy());
    line.add("learner", learner.name).add("budget", options.budget);
    line.add("measured", outcomes.size() - target.num_failed()).add("resumed", target.num_resumed());
    line.add("failed", target.num_failed()).add("candidates", problem.candidates.size()).add("best", configuration);
    line.add("best_is_measured", best.measured).add("best_value", value.mean).add("lower", value.lower);
    line.add("upper", value.upper);
    std::printf("%s\n", line.text().c_str());
    return;
  }
  std::printf("%zu configurations of %zu, %zu of them measured before, %zu failed; rows are in %s\n", outcomes.size(),
              problem.candidates.size(), target.num_resumed(), target.num_failed(), options.output.c_str());
  if (problem.candidates.size() == kMaxCandidates) {
    std::printf("the space is larger: these are %zu of its configurations, drawn at random\n", kMaxCandidates);
  }
  std::printf("best: %s\n%s %s %s (%s .. %s)\n", configuration.c_str(), options.objective.c_str(),
              best.measured ? "measured" : "predicted", format_number(value.mean).c_str(),
              format_number(value.lower).c_str(), format_number(value.upper).c_str());
}

}  // namespace perfmodel::tools
