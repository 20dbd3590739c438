#include "study_method.h"

#include <charconv>

#include "options.h"
#include "perfmodel/core/error.h"

namespace perfmodel::bench {
namespace {

const std::string kGuidedByAic = "gs_aic", kPool = "pool";

StudyMethod method_named(const std::string& name) {
  StudyMethod method{name, name, {}};
  if (name == kGuidedByAic) {
    method.strategy = "gs";
    method.guided_terms.criterion = StepwiseOptions::Criterion::kAic;
  }
  return method;
}

}  // namespace

std::vector<StudyMethod> study_methods(const std::vector<std::string>& names) {
  std::vector<StudyMethod> methods;
  for (const std::string& name : names) {
    if (name == kGuidedByAic) {
      methods.push_back(method_named(name));
      continue;
    }
    for (const std::string& strategy : tools::strategies_named({name})) methods.push_back(method_named(strategy));
    if (name == "all") methods.push_back(method_named(kGuidedByAic));
  }
  return methods;
}

StudyBudget study_budget(const std::string& name) {
  if (name == kPool) return {name, 0};
  StudyBudget budget{name, 0};
  const char* const end = name.data() + name.size();
  const auto [read_to, error] = std::from_chars(name.data(), end, budget.count);
  if (error == std::errc() && read_to == end && budget.count > 0) return budget;
  throw Error(ErrorCode::kInvalidArgument, "budget '" + name + "': a number of 1 or more or 'pool' is allowed");
}

std::size_t measurements_of(const StudyBudget& budget, const StudyMethod& method, const TransferProblem& problem) {
  if (budget.count > 0) return budget.count;
  TransferOptions options;
  options.guided_terms = method.guided_terms;
  return guided_sampling_pool(problem, options).size();
}

}  // namespace perfmodel::bench
