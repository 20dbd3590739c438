#pragma once

#include <cstddef>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "perfmodel/core/random.h"
#include "perfmodel/core/span.h"
#include "perfmodel/transfer/transfer.h"
#include "transfer/match_source.h"

namespace perfmodel {

/// What a strategy starts from.
struct TransferSetup {
  TransferProblem problem;
  Model source_model;                             ///< on the source's options
  std::shared_ptr<const Learner> target_learner;  ///< may be null where the strategy takes none
  TransferOptions options;
};

/// What all sessions share: bookkeeping, the source model's answers on the target, saving. A strategy says what to
/// measure and how to adapt.
class SessionBase : public TransferSession {
 public:
  std::string strategy() const override { return strategy_; }
  std::vector<std::size_t> ask(std::size_t count) final;
  void tell(std::size_t candidate, const Outcome& outcome) final;
  Model model() const final;
  std::vector<std::string> explain() const final;
  std::string save() const final;

  /// Repeats what a saved session was asked and told. What was asked then and not told is what ask() gives next.
  void replay(const std::string& saved);

 protected:
  /// @param least_rows       outcomes that adapt() needs
  /// @param positive_values  whether adapt() takes their logarithm
  SessionBase(std::string strategy, TransferSetup setup, std::size_t least_rows, bool positive_values);

  /// Up to `count` candidates that are not taken, best first. May depend on what was told.
  virtual std::vector<std::size_t> plan(std::size_t count) = 0;
  /// REQUIRES: at least `least_rows` rows were told.
  virtual Model adapt() const = 0;
  /// What explain() says before it lists the options that are matched by rank.
  virtual std::vector<std::string> findings() const { return {}; }

  const TransferSetup& setup() const noexcept { return setup_; }
  const ConfigSpace& space() const noexcept { return setup_.problem.target_space; }
  std::size_t num_candidates() const noexcept { return setup_.problem.candidates.size(); }
  bool is_taken(std::size_t candidate) const noexcept { return taken_[candidate]; }

  /// The source model on the target's options, their levels matched.
  const Model& matched_source() const noexcept { return matched_.model; }
  /// Its answers, one per candidate.
  Span<const double> source_answers() const noexcept { return source_answers_; }
  /// The candidates' option numbers, n x d.
  MatrixView<const double> candidate_rows() const noexcept {
    return {candidate_rows_.data(), num_candidates(), space().num_options()};
  }

  /// What was measured, in the order of telling, failures left out.
  const std::vector<std::size_t>& told_candidates() const noexcept { return told_candidates_; }
  const std::vector<double>& told_values() const noexcept { return told_values_; }
  /// The same as a data set on the target's options.
  Dataset told_rows() const;

  /// For the target's rows alone, labels as indicators.  @throws Error kInvalidArgument: there is none.
  std::shared_ptr<const Learner> target_learner() const;
  /// What any model on the target's options says of itself.
  ModelInfo target_info(const std::string& kind) const;
  FitOptions fit_options() const;
  /// The same for fits whose interval the session calibrates itself.
  FitOptions fit_options_without_interval() const;
  /// A generator for one purpose of this session.
  Random random(std::uint64_t stream) const { return Random(setup_.options.seed).fork(stream); }

 private:
  /// Candidates that were asked and not told, in the order of asking.
  std::vector<std::size_t> pending() const;
  /// ask(), with the pending candidates `again` at the beginning.
  std::vector<std::size_t> ask_after(std::vector<std::size_t> again, std::size_t count);

  /// Tells one problem from another: the source's rows, the candidates, what the source model answers for them.
  std::string problem_hash() const;
  /// What a restored session must have in common with the saved one.
  nlohmann::json identity() const;

  std::string strategy_;
  TransferSetup setup_;
  std::size_t least_rows_;
  bool positive_values_;
  MatchedSource matched_;
  std::vector<double> candidate_rows_, source_answers_;
  std::vector<bool> taken_, told_;
  std::vector<std::size_t> asked_;      ///< in the order of asking, each once
  std::vector<std::size_t> ask_again_;  ///< pending when this session was restored, and not asked since
  std::vector<std::size_t> told_candidates_;
  std::vector<double> told_values_;
  std::size_t num_failed_ = 0;
  std::vector<std::string> events_;  ///< JSON, one per ask and tell
};

/// The strategy of a saved session.  @throws Error kParse.
std::string saved_strategy(const std::string& saved);

/// Measures at random.
class RandomSession : public SessionBase {
 protected:
  using SessionBase::SessionBase;
  std::vector<std::size_t> plan(std::size_t count) override;

 private:
  std::vector<std::size_t> order_;
};

std::unique_ptr<SessionBase> make_direct_model(TransferSetup setup);
std::unique_ptr<SessionBase> make_linear_model_shift(TransferSetup setup);
std::unique_ptr<SessionBase> make_nonlinear_model_shift(TransferSetup setup);
std::unique_ptr<SessionBase> make_guided_sampling(TransferSetup setup);
std::unique_ptr<SessionBase> make_residual(TransferSetup setup);
std::unique_ptr<SessionBase> make_auto(TransferSetup setup);

}  // namespace perfmodel
