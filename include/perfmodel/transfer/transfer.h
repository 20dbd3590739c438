#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "perfmodel/config/config_space.h"
#include "perfmodel/core/export.h"
#include "perfmodel/data/dataset.h"
#include "perfmodel/learner/learner.h"
#include "perfmodel/learner/regression.h"

namespace perfmodel {

/// What came out of measuring one candidate.
struct Outcome {
  double value = 0;     ///< of the objective, in the unit of the source's target
  std::string failure;  ///< why there is no value; empty: there is one
};

/// What a transfer starts from: everything measured on the source, and what may be measured on the target.
struct TransferProblem {
  ConfigSpace source_space;  ///< its options are matched with the target's by name, levels by rank where they differ
  ConfigSpace target_space;
  Dataset source;                         ///< one row per measured configuration: the options' numbers; the objective
  std::vector<Configuration> candidates;  ///< of the target space, without repeats: what may be measured and predicted
};

struct TransferOptions {
  std::uint64_t seed = 0;
  std::size_t budget = 0;  ///< how many measurements are planned in all; lets a strategy plan ahead. 0: unknown
  double interval_level = 0.9;
  StepwiseOptions guided_terms;  ///< of "gs": how terms are chosen on the source; the paper's criterion by default
  int num_threads = 1;
  Callbacks callbacks;
};

/// A transfer as a conversation: ask what to measure, tell what came out, take the model at any time. Not for several
/// threads at once. Same problem, options and outcomes give the same candidates and the same model.
class PERFMODEL_EXPORT TransferSession {
 public:
  virtual ~TransferSession();

  virtual std::string strategy() const = 0;

  /// Up to `count` candidates (positions in TransferProblem::candidates) that are worth most to measure next, best
  /// first; none that was told before, nor asked, but for what was pending when this session was restored. Fewer when
  /// no more are left, or the strategy wants none ("dm").
  virtual std::vector<std::size_t> ask(std::size_t count) = 0;

  /// Takes one outcome, asked for or from elsewhere; a candidate may be told once. A failure is a result: the candidate
  /// is not asked for again.
  /// @throws Error kInvalidArgument: no such candidate, told before, a value that is not finite, or <= 0 where the
  ///         strategy takes its logarithm. Nothing that was told is lost.
  virtual void tell(std::size_t candidate, const Outcome& outcome) = 0;

  /// The model adapted by what was told so far: features are the target options' numbers in the order of the space.
  /// @throws Error kInvalidArgument: fewer outcomes than the strategy needs (says how many), or values that its model
  ///         cannot take (too large, or <= 0 under a learner's logarithm); kCancelled.
  virtual Model model() const = 0;

  /// What the strategy found, in plain words, line by line, then which options are matched by rank, and how; may be
  /// empty.
  virtual std::vector<std::string> explain() const { return {}; }

  /// Everything asked and told, as JSON, for restore_transfer().
  virtual std::string save() const = 0;
};

/// Names for start_transfer(): auto dm gs lms nlms residual.
PERFMODEL_EXPORT std::vector<std::string> transfer_strategies();

/// Starts a session from a model that was fitted on problem.source.
///
/// "dm"    the source model, unchanged
/// "lms"   a least squares line from the source model's answer to random target measurements
/// "nlms"  a random forest of 16 trees on that same number
/// "gs"    guided sampling: stepwise regression on the source says which options to sweep; then `target_learner` on
///         what was measured
/// (Iqbal et al., OpML 2019; docs/transfer.md says what they leave open.) Ours:
/// "residual"  log target = a + b log source prediction + a Gaussian process on the configuration
/// "auto"      "residual", or "lms", "nlms" or the target rows alone where these are clearly better by cross-validation
///             on what was told; below 6 rows always "residual"
/// What these fit to configurations sees an indicator per label of a categorical option with more than two, but for
/// trees; so should the source model: make_indicator_learner().
/// @param target_learner  fits what "gs" and "auto" learn from the target's rows alone; may be null for the others
/// @throws Error kUnsupported (no such strategy; lists them), kInvalidArgument (empty source or candidates, a candidate
///         that is not of the space or there twice, a source target <= 0 where its logarithm is taken, for "gs" a
///         source of fewer than 3 rows or of one target; for "gs", "residual" and "auto" categorical options of more
///         than 256 labels in all; for "gs" and "auto" no target_learner), kMismatch (spaces whose options differ, a
///         model of other features; names them).
PERFMODEL_EXPORT std::unique_ptr<TransferSession> start_transfer(const std::string& strategy, TransferProblem problem,
                                                                 Model source_model,
                                                                 std::shared_ptr<const Learner> target_learner,
                                                                 const TransferOptions& options);

/// What "gs" sweeps, in the order of measuring: positions in problem.candidates. The authors' script measures them
/// all.
/// @param problem  as start_transfer() takes it
/// @param options  `seed` and `guided_terms` matter
/// @throws Error kInvalidArgument: a source on which stepwise_regression() finds nothing to fit; kCancelled.
PERFMODEL_EXPORT std::vector<std::size_t> guided_sampling_pool(const TransferProblem& problem,
                                                               const TransferOptions& options);

/// Starts a session as start_transfer() does and brings it to where `saved` was.
/// Candidates that were asked and not told are pending: ask() gives them again, before all others and in the same
/// order, as what was being measured when a program ended is lost.
/// @throws Error also kParse; kMismatch: `saved` is of another problem, strategy, budget, seed, interval_level,
///         guided_terms or name of the target learner, or of a version before these were saved.
PERFMODEL_EXPORT std::unique_ptr<TransferSession> restore_transfer(const std::string& saved, TransferProblem problem,
                                                                   Model source_model,
                                                                   std::shared_ptr<const Learner> target_learner,
                                                                   const TransferOptions& options);

}  // namespace perfmodel
