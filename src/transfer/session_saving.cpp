#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/json.h"
#include "perfmodel/core/error.h"
#include "transfer/session_base.h"

namespace perfmodel {
namespace {

constexpr char kSaved[] = "a saved transfer";
constexpr char kFormat[] = "perfmodel-transfer-2";

nlohmann::json to_json(const StepwiseOptions& options) {
  const bool is_aic = options.criterion == StepwiseOptions::Criterion::kAic;
  return {{"criterion", is_aic ? "aic" : "significance"},
          {"max_order", options.max_order},
          {"significance", options.significance},
          {"min_coefficient", options.min_coefficient},
          {"log_target", options.log_target}};
}

std::string text_of(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void require_same(const std::string& key, const nlohmann::json& found, const nlohmann::json& expected) {
  if (found.dump() == expected.dump()) return;
  throw Error(ErrorCode::kMismatch,
              fmt::format("{}: its {} is '{}', here it is '{}'", kSaved, key, text_of(found), text_of(expected)));
}

/// The candidates at the beginning of a saved ask's answer that had been asked before.
std::vector<std::size_t> asked_again(const nlohmann::json& event, std::vector<std::size_t> pending) {
  if (!event.contains("again")) return {};
  const std::size_t num_again = size_at(event, "again", kSaved);
  const nlohmann::json& answer = array_at(event, "answer", kSaved);
  if (num_again < 1 || num_again > std::min(size_at(event, "ask", kSaved), answer.size())) {
    throw Error(ErrorCode::kParse,
                fmt::format("{}: {} candidates asked again, of {}", kSaved, num_again, answer.size()));
  }
  std::vector<std::size_t> again;
  for (std::size_t i = 0; i < num_again; ++i) {
    const auto found = std::find(pending.begin(), pending.end(), answer[i]);
    if (found == pending.end()) {
      throw Error(ErrorCode::kMismatch,
                  fmt::format("{}: {} is asked again, but not pending", kSaved, answer[i].dump()));
    }
    again.push_back(*found);
    pending.erase(found);
  }
  return again;
}

}  // namespace

std::string SessionBase::problem_hash() const {
  Dataset candidates(option_names(space()), "candidate");
  for (std::size_t i = 0; i < num_candidates(); ++i) candidates.add_row(candidate_rows().row(i), source_answers_[i]);
  return fmt::format("{:016x}-{:016x}", setup_.problem.source.hash(), candidates.hash());
}

nlohmann::json SessionBase::identity() const {
  const TransferOptions& options = setup_.options;
  return {{"format", kFormat},
          {"strategy", strategy_},
          {"seed", options.seed},
          {"budget", options.budget},
          {"interval_level", options.interval_level},
          {"guided_terms", to_json(options.guided_terms)},
          {"target_learner", setup_.target_learner != nullptr ? setup_.target_learner->name() : "none"},
          {"problem", problem_hash()}};
}

std::string SessionBase::save() const {
  nlohmann::json saved = identity();
  saved["events"] = nlohmann::json::array();
  for (const std::string& event : events_) saved["events"].push_back(nlohmann::json::parse(event));
  return saved.dump();
}

void SessionBase::replay(const std::string& saved) {
  const std::string where = kSaved;
  const nlohmann::json json = parse_json(saved, where);
  require_same("format", string_at(json, "format", where), kFormat);
  require_keys(
      json,
      {"format", "strategy", "seed", "budget", "interval_level", "guided_terms", "target_learner", "problem", "events"},
      where);
  const nlohmann::json here = identity();
  for (const auto& [key, value] : here.items()) require_same(key, member_at(json, key.c_str(), where), value);
  for (const nlohmann::json& event : array_at(json, "events", where)) {
    if (event.contains("ask")) {
      require_keys(event, {"ask", "again", "answer"}, where);
      const std::vector<std::size_t> asked = ask_after(asked_again(event, pending()), size_at(event, "ask", where));
      require_same("answer", array_at(event, "answer", where), asked);
    } else if (event.contains("failure")) {
      require_keys(event, {"tell", "failure"}, where);
      const std::string failure = string_at(event, "failure", where);
      if (failure.empty()) throw Error(ErrorCode::kParse, where + ": a failure without a reason");
      tell(size_at(event, "tell", where), {0, failure});
    } else {
      require_keys(event, {"tell", "value"}, where);
      tell(size_at(event, "tell", where), {number_at(event, "value", where), {}});
    }
  }
  ask_again_ = pending();
}

std::string saved_strategy(const std::string& saved) {
  return string_at(parse_json(saved, kSaved), "strategy", kSaved);
}

}  // namespace perfmodel
