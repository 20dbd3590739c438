#include "learner/left_out.h"
#include "transfer/session_base.h"

namespace perfmodel {
namespace {

/// DM (Iqbal et al., OpML 2019, section 2): the source model, unchanged. Nothing is measured. What is told all the same
/// gives the interval; without it there is none, as the source's own holds on the source.
class DirectModel final : public SessionBase {
 public:
  explicit DirectModel(TransferSetup setup) : SessionBase("dm", std::move(setup), 0, false) {}

 protected:
  std::vector<std::size_t> plan(std::size_t) override { return {}; }
  Model adapt() const override {
    LeftOutAnswers answers;
    answers.measured = told_values();
    for (const std::size_t candidate : told_candidates()) answers.predicted.push_back(source_answers()[candidate]);
    const Model model(target_info(strategy()), matched_source().shared_evaluator());
    return with_interval(model, answers, fit_options().interval_level);
  }
};

}  // namespace

std::unique_ptr<SessionBase> make_direct_model(TransferSetup setup) {
  return std::make_unique<DirectModel>(std::move(setup));
}

}  // namespace perfmodel
