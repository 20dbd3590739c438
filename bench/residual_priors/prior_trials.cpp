#include "prior_trials.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "perfmodel/core/build_info.h"
#include "perfmodel/core/error.h"
#include "perfmodel/learner/trees.h"
#include "perfmodel/transfer/replay.h"
#include "prior_draws.h"

namespace perfmodel::bench {
namespace {

std::string stem(const std::string& path) {
  return std::filesystem::path(path).stem().string();
}

nlohmann::json to_json(const PriorTrial& trial) {
  return {{"source", stem(trial.study_case.source)},
          {"target", stem(trial.study_case.target)},
          {"objective", trial.study_case.objective},
          {"priors", prior_numbers(trial.priors)},
          {"budget", trial.budget},
          {"first_seed", trial.first_seed},
          {"repeats", trial.repeats},
          {"version", version()}};
}

}  // namespace

PriorTrials::PriorTrials(std::string data, std::string path) : data_(std::move(data)), path_(std::move(path)) {
  std::ifstream file(path_);
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
    if (json.is_discarded()) continue;  // cut when the study was stopped
    try {
      rows_[json.at("trial").dump()] = json.at("errors_pct").get<std::vector<double>>();
    } catch (const nlohmann::json::exception& error) {
      throw Error(ErrorCode::kParse, path_ + ":" + std::to_string(number) + ": no row of this study: " + error.what());
    }
  }
}

const std::vector<double>& PriorTrials::errors_pct(const PriorTrial& trial) {
  const nlohmann::json key = to_json(trial);
  const auto known = rows_.find(key.dump());
  if (known != rows_.end()) return known->second;
  Opened& opened_case = opened(trial.study_case);
  std::vector<double> errors_pct;
  for (int repeat = 0; repeat < trial.repeats; ++repeat) {
    const std::uint64_t seed = trial.first_seed + static_cast<std::uint64_t>(repeat);
    PointSession session(opened_case.session(seed), trial.priors);
    const LoadedCase& loaded = opened_case.loaded;
    errors_pct.push_back(replay_transfer(session, loaded.problem, loaded.values, trial.budget).mape_pct);
  }
  std::ofstream file(path_, std::ios::app);
  file << "\n" << nlohmann::json{{"trial", key}, {"errors_pct", errors_pct}}.dump() << std::endl;
  if (!file) throw Error(ErrorCode::kIo, "cannot write '" + path_ + "'");
  return rows_[key.dump()] = errors_pct;
}

PriorTrials::Opened& PriorTrials::opened(const StudyCase& study_case) {
  const std::string key = study_case.source + "|" + study_case.target + "|" + study_case.objective;
  const auto found = cases_.find(key);
  if (found != cases_.end()) return found->second;
  return cases_.emplace(key, Opened{load_case(study_case, data_), {}}).first->second;
}

const PointSession& PriorTrials::Opened::session(std::uint64_t seed) {
  const auto found = fresh.find(seed);
  if (found != fresh.end()) return found->second;
  TransferOptions options;
  options.seed = seed;
  return fresh.emplace(seed, TransferSetup{loaded.problem, loaded.source_model, make_tree_learner(), options})
      .first->second;
}

}  // namespace perfmodel::bench
