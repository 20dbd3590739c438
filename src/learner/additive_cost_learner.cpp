#include <fmt/format.h>

#include <utility>

#include "learner/builtin.h"
#include "learner/cost_trend.h"
#include "learner/left_out.h"
#include "learner/option_json.h"
#include "learner/training_info.h"
#include "perfmodel/core/error.h"
#include "perfmodel/core/random.h"
#include "perfmodel/learner/additive_cost.h"
#include "predict/evaluators.h"

namespace perfmodel {
namespace {

constexpr std::size_t kFolds = 10;

Polynomial sum_of(const std::vector<double>& costs) {
  Polynomial sum;
  sum.num_inputs = costs.size();
  sum.first_factor.push_back(0);
  for (std::size_t j = 0; j < costs.size(); ++j) {
    if (costs[j] == 0) continue;
    sum.coefficients.push_back(costs[j]);
    sum.factors.push_back({static_cast<std::int32_t>(j), 1});
    sum.first_factor.push_back(static_cast<std::int32_t>(sum.factors.size()));
  }
  return sum;
}

class AdditiveCostLearner final : public Learner {
 public:
  std::string name() const override { return "additive_cost"; }

  Model fit(const Dataset& data, const FitOptions& options) const override {
    check_fit(data, options);
    require_positive_targets(data, name());
    const Model model = fit_rows(data);
    if (options.interval_level == 0) return model;
    const auto fit = [this](const Dataset& rows) { return fit_rows(rows); };
    return with_interval(model, leave_out(data, fit, kFolds, Random(options.seed).bits()), options.interval_level);
  }

 private:
  Model fit_rows(const Dataset& rows) const {
    const std::vector<double> costs = fit_costs(rows);
    if (costs.empty()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("none of the {} features is a cost ('{}...', >= 0 and not always 0), additive_cost needs "
                              "one that is",
                              rows.num_features(), kCostPrefix));
    }
    return Model(training_info(name(), rows), make_polynomial(sum_of(costs)));
  }
};

}  // namespace

std::unique_ptr<Learner> make_additive_cost_learner() {
  return std::make_unique<AdditiveCostLearner>();
}

std::unique_ptr<Learner> additive_cost_learner_from_json(const std::string& json) {
  const OptionReader reader("additive_cost", json, {});
  return make_additive_cost_learner();
}

}  // namespace perfmodel
