#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "perfmodel/learner/learner.h"
#include "perfmodel/transfer/transfer.h"

namespace perfmodel::tools {

/// What the command line says.
struct TransferToolOptions {
  std::string source;
  std::vector<std::string> targets;
  std::string objective;
  std::vector<std::string> ignored;
  std::string space, source_space;  ///< JSON files, of the target and the source; empty: from the tables
  bool guided_by_aic = false;
  int guided_order = 2;
  std::size_t budget = 19;
  std::vector<std::string> strategies;  ///< empty on the command line: all; auto where a command measures
  std::vector<std::string> learners = {"tree"};
  int repeats = 10;
  std::uint64_t seed = 0;
  int num_threads = 1;
  bool json = false;
  bool explain = false;

  std::string measure;  ///< the measuring command; empty: targets are tables
  double timeout_s = 600;
  std::string output = "transfer.db";
  bool retry_failed = false;
  std::string model;
};

/// Names without repeats, in the order in which they come up first.
std::vector<std::string> each_once(const std::vector<std::string>& names);

/// Names of strategies, "all" written out, each once.
/// @throws Error kUnsupported: no such strategy; lists those there are.
std::vector<std::string> strategies_named(const std::vector<std::string>& names);

/// What fits the source model, and what fits a model on the few rows of a target.
struct LearnerPair {
  std::string name;
  std::shared_ptr<const Learner> source, target;
};
/// @throws Error kUnsupported: no such learner; lists those there are.
LearnerPair learners_named(const std::string& name);

/// What all sessions of this command line take.
TransferOptions transfer_options(const TransferToolOptions& options, std::uint64_t seed);

/// Replays the target tables by strategies and learners that are named once each, and reports the error of each
/// strategy with each learner. One that cannot be compared has a row with the reason; the others go on.
/// @throws Error at the end, when there was such a row.
void compare_strategies(const TransferToolOptions& options);
/// Measures with a command by the one strategy and learner, row by row into a campaign file, and keeps the adapted
/// model.
/// @throws Error also kCancelled: SIGINT or SIGTERM; says how to go on.
void transfer_live(const TransferToolOptions& options);

}  // namespace perfmodel::tools
