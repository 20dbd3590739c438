#include "transfer/session_base.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "perfmodel/core/error.h"
#include "perfmodel/transfer/indicator_learner.h"

namespace perfmodel {
namespace {

enum RandomStream : std::uint64_t { kOrderStream };

void check_problem(const TransferProblem& problem) {
  if (problem.source.empty()) throw Error(ErrorCode::kInvalidArgument, "the source has no rows");
  if (problem.source.feature_names() != option_names(problem.source_space)) {
    throw Error(ErrorCode::kMismatch, fmt::format("the source's columns ({}) are not its options ({})",
                                                  fmt::join(problem.source.feature_names(), ", "),
                                                  fmt::join(option_names(problem.source_space), ", ")));
  }
  if (problem.candidates.empty()) throw Error(ErrorCode::kInvalidArgument, "there are no candidates on the target");
  std::set<std::uint64_t> seen;
  for (std::size_t i = 0; i < problem.candidates.size(); ++i) {
    if (!seen.insert(problem.target_space.index_of(problem.candidates[i])).second) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("candidate {} is there twice", i));
    }
    if (!problem.target_space.is_feasible(problem.candidates[i])) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("candidate {} breaks a constraint of the target's space", i));
    }
  }
}

std::vector<double> rows_of(const TransferProblem& problem) {
  std::vector<double> rows;
  for (const Configuration& candidate : problem.candidates) {
    const std::vector<double> row = problem.target_space.values(candidate);
    rows.insert(rows.end(), row.begin(), row.end());
  }
  return rows;
}

std::vector<double> answers_of(const Model& model, MatrixView<const double> rows) {
  std::vector<Prediction> predictions(rows.rows());
  Workspace workspace(model.workspace_bytes(rows.rows()));
  model.predict(rows, predictions, workspace).throw_if_error();
  std::vector<double> means;
  for (const Prediction& prediction : predictions) means.push_back(prediction.mean);
  return means;
}

/// A failure is what a program said last: any bytes.
std::string event_text(const nlohmann::json& event) {
  return event.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

TransferSession::~TransferSession() = default;

SessionBase::SessionBase(std::string strategy, TransferSetup setup, std::size_t least_rows, bool positive_values)
    : strategy_(std::move(strategy)),
      setup_((check_problem(setup.problem), std::move(setup))),
      least_rows_(least_rows),
      positive_values_(positive_values),
      matched_(match_source(setup_.source_model, setup_.problem.source_space, setup_.problem.target_space)),
      candidate_rows_(rows_of(setup_.problem)),
      source_answers_(answers_of(matched_.model, candidate_rows())),
      taken_(num_candidates(), false),
      told_(num_candidates(), false) {}

std::vector<std::size_t> SessionBase::ask(std::size_t count) {
  const auto is_told = [this](std::size_t candidate) { return told_[candidate]; };
  ask_again_.erase(std::remove_if(ask_again_.begin(), ask_again_.end(), is_told), ask_again_.end());
  const auto end = ask_again_.begin() + static_cast<std::ptrdiff_t>(std::min(count, ask_again_.size()));
  std::vector<std::size_t> asked = ask_after({ask_again_.begin(), end}, count);
  ask_again_.erase(ask_again_.begin(), end);
  return asked;
}

std::vector<std::size_t> SessionBase::ask_after(std::vector<std::size_t> again, std::size_t count) {
  const std::size_t num_again = again.size();
  std::vector<std::size_t> asked = std::move(again);
  if (count > num_again) {
    const std::vector<std::size_t> planned = plan(count - num_again);
    for (const std::size_t candidate : planned) taken_[candidate] = true;
    asked_.insert(asked_.end(), planned.begin(), planned.end());
    asked.insert(asked.end(), planned.begin(), planned.end());
  }
  nlohmann::json event = {{"ask", count}, {"answer", asked}};
  if (num_again > 0) event["again"] = num_again;
  events_.push_back(event_text(event));
  return asked;
}

std::vector<std::size_t> SessionBase::pending() const {
  std::vector<std::size_t> candidates;
  std::copy_if(asked_.begin(), asked_.end(), std::back_inserter(candidates),
               [this](std::size_t candidate) { return !told_[candidate]; });
  return candidates;
}

void SessionBase::tell(std::size_t candidate, const Outcome& outcome) {
  if (candidate >= num_candidates()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("candidate {} does not exist; there are {}", candidate, num_candidates()));
  }
  if (told_[candidate]) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("candidate {} was told before", candidate));
  }
  const bool failed = !outcome.failure.empty();
  if (!failed && !(std::isfinite(outcome.value) && (outcome.value > 0 || !positive_values_))) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("candidate {}: the value is {}, {} takes {} numbers", candidate, outcome.value, strategy_,
                            positive_values_ ? "finite positive" : "finite"));
  }
  events_.push_back(failed ? event_text({{"tell", candidate}, {"failure", outcome.failure}})
                           : event_text({{"tell", candidate}, {"value", outcome.value}}));
  taken_[candidate] = told_[candidate] = true;
  if (failed) {
    ++num_failed_;
    return;
  }
  told_candidates_.push_back(candidate);
  told_values_.push_back(outcome.value);
}

Model SessionBase::model() const {
  if (told_candidates_.size() < least_rows_) {
    const std::string failures = num_failed_ == 0 ? "" : fmt::format(" and {} failed", num_failed_);
    throw Error(ErrorCode::kInvalidArgument, fmt::format("{} needs at least {} measurements, {} were told{}", strategy_,
                                                         least_rows_, told_candidates_.size(), failures));
  }
  if (setup_.options.callbacks.cancelled && setup_.options.callbacks.cancelled()) {
    throw Error(ErrorCode::kCancelled, "the transfer was cancelled");
  }
  try {
    return adapt();
  } catch (const Error& error) {  // what would be damage in a file are values beyond a fit here
    if (error.code() != ErrorCode::kCorrupt) throw;
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{} finds no finite model for what was told: {}", strategy_, error.what()));
  }
}

std::vector<std::string> SessionBase::explain() const {
  std::vector<std::string> lines = findings();
  lines.insert(lines.end(), matched_.ranks.begin(), matched_.ranks.end());
  return lines;
}

Dataset SessionBase::told_rows() const {
  Dataset rows(option_names(space()), setup_.problem.source.target_name());
  for (std::size_t i = 0; i < told_candidates_.size(); ++i) {
    rows.add_row(candidate_rows().row(told_candidates_[i]), told_values_[i]);
  }
  return rows;
}

std::shared_ptr<const Learner> SessionBase::target_learner() const {
  if (setup_.target_learner == nullptr) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("there is no target_learner, {} needs one", strategy_));
  }
  return make_indicator_learner(setup_.target_learner, space());
}

ModelInfo SessionBase::target_info(const std::string& kind) const {
  ModelInfo info = matched_.model.info();
  info.kind = kind;
  info.training_rows = told_candidates_.size();
  info.training_hash = told_candidates_.empty() ? info.training_hash : fmt::format("{:016x}", told_rows().hash());
  info.interval_level = 0;
  info.interval_lower_factor = info.interval_upper_factor = 1;
  info.held_out = {};
  return info;
}

FitOptions SessionBase::fit_options() const {
  FitOptions options;
  options.seed = setup_.options.seed;
  options.num_threads = setup_.options.num_threads;
  options.validation_fraction = 0;  // few rows: train on all, calibrate on rows left out in turn
  options.interval_level = setup_.options.interval_level;
  options.callbacks = setup_.options.callbacks;
  return options;
}

FitOptions SessionBase::fit_options_without_interval() const {
  FitOptions options = fit_options();
  options.interval_level = 0;
  return options;
}

std::vector<std::size_t> RandomSession::plan(std::size_t count) {
  if (order_.empty()) {
    order_.resize(num_candidates());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    random(kOrderStream).shuffle(Span<std::size_t>(order_));
  }
  std::vector<std::size_t> planned;
  for (const std::size_t candidate : order_) {
    if (planned.size() == count) break;
    if (!is_taken(candidate)) planned.push_back(candidate);
  }
  return planned;
}

}  // namespace perfmodel
