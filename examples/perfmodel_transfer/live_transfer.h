#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "candidates.h"
#include "live_target.h"
#include "perfmodel/learner/model.h"
#include "perfmodel/transfer/transfer.h"
#include "steps.h"

namespace perfmodel::tools {

/// A transfer session on a target that is measured while it goes on.
class LiveTransfer {
 public:
  using StartSession = std::function<std::unique_ptr<TransferSession>(const TransferProblem& problem)>;

  /// @param target, steps  must outlive this object
  /// @param problem        without its candidates
  LiveTransfer(LiveTarget& target, Steps& steps, TransferProblem problem, Candidates candidates);

  /// Measures what the session asks for until `budget` configurations are known, failures and what the target knew
  /// before among them. A run that was stopped goes on as if it had not been. Where the target knows more than the
  /// session would ask for, all of that is told first.
  /// @throws Error as LiveTarget::measure() and TransferSession.
  void run(const StartSession& start, std::size_t budget, const std::function<bool()>& cancelled);

  /// REQUIRES: run() has ended.
  const TransferSession& session() const noexcept { return *session_; }

  const Candidates& candidates() const noexcept { return candidates_; }
  const Outcomes& outcomes() const noexcept { return outcomes_; }
  std::size_t num_resumed() const noexcept { return num_resumed_; }
  std::size_t num_failed() const noexcept { return num_failed_; }

 private:
  std::uint64_t index_of(std::size_t candidate) const;
  bool knows_more_than(const std::vector<std::size_t>& asked) const;
  void take(std::size_t candidate, const std::function<bool()>& cancelled);
  void tell(std::size_t candidate, Outcome outcome);

  LiveTarget& target_;
  Steps& steps_;
  TransferProblem problem_;
  Candidates candidates_;
  std::unordered_map<std::uint64_t, std::size_t> candidate_at_;  ///< by index in the space
  std::unique_ptr<TransferSession> session_;
  Outcomes outcomes_;
  std::size_t num_resumed_ = 0, num_failed_ = 0;
};

}  // namespace perfmodel::tools
