#include <fmt/format.h>

#include <algorithm>

#include "learner/left_out.h"
#include "perfmodel/learner/regression.h"
#include "transfer/guided_pool.h"
#include "transfer/session_base.h"

namespace perfmodel {
namespace {

enum RandomStream : std::uint64_t { kSweepStream = 100 };

constexpr std::size_t kFolds = 5;

/// GS (Iqbal et al., OpML 2019, section 2): stepwise regression on the source says which options and interactions
/// matter; these are swept on the target, and a model is fitted on what was measured there alone.
///
/// The whole pool is larger than the paper's budget. A smaller budget is taken from it in turn: one configuration of
/// the most important term, one of the next, and round again, each term's in random order (our addition). What is asked
/// for beyond the pool is drawn at random.
class GuidedSampling final : public RandomSession {
 public:
  explicit GuidedSampling(TransferSetup setup)
      : RandomSession("gs", std::move(setup), 2, false),
        terms_(stepwise_regression(this->setup().problem.source, this->setup().options.guided_terms).terms),
        pool_(make_pool()) {}

  std::vector<std::string> explain() const override {
    std::vector<std::string> lines = {
        fmt::format("guided sampling: {} terms matter on the source, {} configurations sweep them on the target, the "
                    "most important "
                    "first",
                    terms_.size(), pool_.size())};
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      lines.push_back(fmt::format("{}. {} (coefficient {:+.3g} {} per standard deviation, p {:.2g})", i + 1,
                                  term_name(terms_[i]), terms_[i].coefficient, setup().problem.source.target_name(),
                                  terms_[i].p_value));
    }
    return lines;
  }

 protected:
  std::vector<std::size_t> plan(std::size_t count) override {
    std::vector<std::size_t> planned;
    for (const std::size_t candidate : pool_) {
      if (planned.size() == count) return planned;
      if (!is_taken(candidate)) planned.push_back(candidate);
    }
    for (const std::size_t candidate : RandomSession::plan(num_candidates())) {
      if (planned.size() == count) break;
      if (std::find(pool_.begin(), pool_.end(), candidate) == pool_.end()) planned.push_back(candidate);
    }
    return planned;
  }

  Model adapt() const override {
    const Dataset rows = told_rows();
    const FitRows fit = [this](const Dataset& some) { return setup().target_learner->fit(some, fit_options()); };
    const Model model = fit(rows);
    ModelInfo info = target_info(strategy());
    info.features = model.info().features;
    return with_interval(Model(std::move(info), model.shared_evaluator()),
                         leave_out(rows, fit, kFolds, fit_options().seed), fit_options().interval_level);
  }

 private:
  std::string term_name(const StepwiseTerm& term) const {
    std::string name;
    for (const std::size_t feature : term.features) {
      name += (name.empty() ? "" : " with ") + setup().problem.source.feature_names()[feature];
    }
    return name;
  }

  /// The union of all sweeps, in the order of measuring.
  std::vector<std::size_t> make_pool() const {
    std::vector<std::vector<std::size_t>> sweeps;
    for (const StepwiseTerm& term : terms_) {
      std::vector<std::size_t> options;
      for (const std::size_t feature : term.features) {
        options.push_back(space().option_index(setup().problem.source.feature_names()[feature]));
      }
      sweeps.push_back(sweep_term(space(), setup().problem.candidates, options));
      random(kSweepStream + sweeps.size()).shuffle(Span<std::size_t>(sweeps.back()));
    }
    std::vector<std::size_t> pool;
    std::vector<bool> in_pool(num_candidates(), false);
    std::vector<std::size_t> next(sweeps.size(), 0);
    for (bool found = true; found;) {
      found = false;
      for (std::size_t i = 0; i < sweeps.size(); ++i) {
        while (next[i] < sweeps[i].size() && in_pool[sweeps[i][next[i]]]) ++next[i];
        if (next[i] == sweeps[i].size()) continue;
        in_pool[sweeps[i][next[i]]] = true;
        pool.push_back(sweeps[i][next[i]]);
        found = true;
      }
    }
    return pool;
  }

  std::vector<StepwiseTerm> terms_;
  std::vector<std::size_t> pool_;
};

}  // namespace

std::unique_ptr<SessionBase> make_guided_sampling(TransferSetup setup) {
  return std::make_unique<GuidedSampling>(std::move(setup));
}

}  // namespace perfmodel
