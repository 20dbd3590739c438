#include "live_transfer.h"

#include <algorithm>
#include <utility>

#include "configuration_text.h"
#include "perfmodel/core/error.h"

namespace perfmodel::tools {

LiveTransfer::LiveTransfer(LiveTarget& target, Steps& steps, TransferProblem problem, Candidates candidates)
    : target_(target), steps_(steps), problem_(std::move(problem)), candidates_(std::move(candidates)) {
  std::vector<Configuration>& configurations = candidates_.configurations;
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    candidate_at_.emplace(problem_.target_space.index_of(configurations[i]), i);
  }
  for (const auto& [index, outcome] : target_.known()) {
    if (!candidate_at_.emplace(index, configurations.size()).second) continue;
    configurations.push_back(problem_.target_space.at(index));
  }
  problem_.candidates = configurations;
}

void LiveTransfer::run(const StartSession& start, std::size_t budget, const std::function<bool()>& cancelled) {
  const auto num_left = [&] { return budget - std::min(budget, outcomes_.size()); };
  session_ = start(problem_);
  std::vector<std::size_t> asked = session_->ask(budget);
  if (knows_more_than(asked)) {
    session_ = start(problem_);
    for (const auto& [index, outcome] : target_.known()) take(candidate_at_.at(index), cancelled);
    asked = session_->ask(num_left());
  }
  while (!asked.empty()) {
    for (const std::size_t candidate : asked) take(candidate, cancelled);
    asked = session_->ask(num_left());
  }
}

std::uint64_t LiveTransfer::index_of(std::size_t candidate) const {
  return problem_.target_space.index_of(problem_.candidates[candidate]);
}

bool LiveTransfer::knows_more_than(const std::vector<std::size_t>& asked) const {
  std::size_t num_known = 0;
  for (const std::size_t candidate : asked) num_known += target_.known().count(index_of(candidate));
  return num_known < target_.known().size();
}

void LiveTransfer::take(std::size_t candidate, const std::function<bool()>& cancelled) {
  const auto known = target_.known().find(index_of(candidate));
  if (known != target_.known().end()) {
    ++num_resumed_;
    tell(candidate, known->second);
    steps_.skip_to(outcomes_.size());
    return;
  }
  steps_.refresh();
  const auto wait = [&] {
    steps_.refresh();
    return cancelled();
  };
  tell(candidate, target_.measure(problem_.candidates[candidate], wait));
  steps_.go_to(outcomes_.size());
}

void LiveTransfer::tell(std::size_t candidate, Outcome outcome) {
  try {
    session_->tell(candidate, outcome);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInvalidArgument || !outcome.failure.empty()) throw;
    outcome = {0, error.what()};  // a value whose logarithm the strategy takes
    session_->tell(candidate, outcome);
  }
  if (!outcome.failure.empty()) {
    ++num_failed_;
    steps_.say(configuration_text(problem_.target_space, problem_.candidates[candidate]) + ": " + outcome.failure);
  }
  outcomes_.emplace(index_of(candidate), std::move(outcome));
}

}  // namespace perfmodel::tools
