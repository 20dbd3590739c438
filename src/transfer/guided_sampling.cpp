#include <fmt/format.h>

#include "learner/left_out.h"
#include "transfer/guided_pool.h"
#include "transfer/session_base.h"

namespace perfmodel {
namespace {

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
        learner_(target_learner()),
        pool_(make_guided_pool(this->setup().problem, this->setup().options)),
        is_in_pool_(num_candidates(), false) {
    for (const std::size_t candidate : pool_.candidates) is_in_pool_[candidate] = true;
  }

 protected:
  std::vector<std::size_t> plan(std::size_t count) override {
    std::vector<std::size_t> planned;
    for (const std::size_t candidate : pool_.candidates) {
      if (planned.size() == count) return planned;
      if (!is_taken(candidate)) planned.push_back(candidate);
    }
    for (const std::size_t candidate : RandomSession::plan(num_candidates())) {
      if (planned.size() == count) break;
      if (!is_in_pool_[candidate]) planned.push_back(candidate);
    }
    return planned;
  }

  std::vector<std::string> findings() const override {
    std::vector<std::string> lines = {
        fmt::format("guided sampling: {} terms matter on the source, {} configurations sweep them on the target, the "
                    "most important first",
                    pool_.terms.size(), pool_.candidates.size())};
    const Dataset& source = setup().problem.source;
    const std::string unit = setup().options.guided_terms.log_target ? "of the log " : "";
    for (const StepwiseTerm& term : pool_.terms) {
      lines.push_back(
          fmt::format("{}. {}", lines.size(), describe_term(term, pool_.columns, unit + source.target_name())));
    }
    return lines;
  }

  Model adapt() const override {
    const Dataset rows = told_rows();
    const FitRows fit = [this](const Dataset& some) { return learner_->fit(some, fit_options_without_interval()); };
    const Model model = fit(rows);
    ModelInfo info = target_info(strategy());
    info.features = model.info().features;
    return with_interval(Model(std::move(info), model.shared_evaluator()),
                         leave_out(rows, fit, kFolds, fit_options().seed), fit_options().interval_level);
  }

 private:
  std::shared_ptr<const Learner> learner_;
  GuidedPool pool_;
  std::vector<bool> is_in_pool_;  ///< one per candidate
};

}  // namespace

std::unique_ptr<SessionBase> make_guided_sampling(TransferSetup setup) {
  return std::make_unique<GuidedSampling>(std::move(setup));
}

}  // namespace perfmodel
