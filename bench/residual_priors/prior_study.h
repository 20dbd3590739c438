#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "prior_splits.h"
#include "prior_trials.h"

namespace perfmodel::bench {

struct PriorStudyOptions {
  std::vector<std::size_t> budgets = {19, 84};
  int choosing_repeats = 4, judging_repeats = 10;
  std::uint64_t choosing_seed = 1000, judging_seed = 0;  ///< of the first repeat; the main study's is 0, too
};

/// How chosen and shipped priors did on some cases with one budget.
struct Judgement {
  std::size_t num_cases = 0;
  std::vector<double> chosen_pct, shipped_pct;  ///< one per repeat: MAPE in %, summed over the cases

  void add(const Judgement& other);
  double mean_chosen_pct() const;
  double mean_shipped_pct() const;
  double mean_difference_pct() const { return mean_chosen_pct() - mean_shipped_pct(); }
  double difference_error_pct() const;  ///< standard error of the mean difference, from the repeats
};

/// Chooses among settings of the priors by cases and judges the choice by others, on other seeds.
///
/// One criterion, settled before anything was run: the least mean of log MAPE over the choosing cases and all budgets.
class PriorStudy {
 public:
  PriorStudy(std::vector<ResidualPriors> settings, PriorTrials& trials, PriorStudyOptions options);

  const std::vector<ResidualPriors>& settings() const noexcept { return settings_; }
  const PriorStudyOptions& options() const noexcept { return options_; }

  /// All that choose() and mean_error_pct() ask for, case by case.
  std::vector<PriorTrial> choosing_trials(const std::vector<StudyCase>& cases) const;
  /// All that judge() asks for.
  std::vector<PriorTrial> judging_trials(const PriorSplit& split) const;

  /// MAPE in % of a setting over cases, from the seeds for choosing.
  double mean_error_pct(const ResidualPriors& priors, const std::vector<StudyCase>& cases, std::size_t budget) const;
  /// Position of the setting that these cases choose.
  std::size_t choose(const std::vector<StudyCase>& cases) const;
  /// What was chosen, one per budget.
  std::vector<Judgement> judge(const PriorSplit& split) const;

 private:
  PriorTrial choosing_trial(const ResidualPriors& priors, const StudyCase& study_case, std::size_t budget) const;
  PriorTrial judging_trial(const ResidualPriors& priors, const StudyCase& study_case, std::size_t budget) const;

  std::vector<ResidualPriors> settings_;
  PriorTrials& trials_;
  PriorStudyOptions options_;
};

}  // namespace perfmodel::bench
