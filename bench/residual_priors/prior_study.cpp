#include "prior_study.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace perfmodel::bench {
namespace {

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

void add_each(std::vector<double>& sums, const std::vector<double>& values) {
  sums.resize(values.size(), 0.0);
  for (std::size_t i = 0; i < values.size(); ++i) sums[i] += values[i];
}

}  // namespace

void Judgement::add(const Judgement& other) {
  num_cases += other.num_cases;
  add_each(chosen_pct, other.chosen_pct);
  add_each(shipped_pct, other.shipped_pct);
}

double Judgement::mean_chosen_pct() const {
  return mean_of(chosen_pct) / static_cast<double>(num_cases);
}

double Judgement::mean_shipped_pct() const {
  return mean_of(shipped_pct) / static_cast<double>(num_cases);
}

double Judgement::difference_error_pct() const {
  const auto cases = static_cast<double>(num_cases), repeats = static_cast<double>(chosen_pct.size());
  double squares = 0;
  for (std::size_t i = 0; i < chosen_pct.size(); ++i) {
    squares += std::pow((chosen_pct[i] - shipped_pct[i]) / cases - mean_difference_pct(), 2);
  }
  return std::sqrt(squares / (repeats - 1) / repeats);
}

PriorStudy::PriorStudy(std::vector<ResidualPriors> settings, PriorTrials& trials, PriorStudyOptions options)
    : settings_(std::move(settings)), trials_(trials), options_(std::move(options)) {}

PriorTrial PriorStudy::choosing_trial(const ResidualPriors& priors, const StudyCase& study_case,
                                      std::size_t budget) const {
  return {study_case, priors, budget, options_.choosing_seed, options_.choosing_repeats};
}

PriorTrial PriorStudy::judging_trial(const ResidualPriors& priors, const StudyCase& study_case,
                                     std::size_t budget) const {
  return {study_case, priors, budget, options_.judging_seed, options_.judging_repeats};
}

std::vector<PriorTrial> PriorStudy::choosing_trials(const std::vector<StudyCase>& cases) const {
  std::vector<PriorTrial> trials;
  for (const StudyCase& study_case : cases) {
    for (const std::size_t budget : options_.budgets) {
      trials.push_back(choosing_trial({}, study_case, budget));
      for (const ResidualPriors& priors : settings_) trials.push_back(choosing_trial(priors, study_case, budget));
    }
  }
  return trials;
}

std::vector<PriorTrial> PriorStudy::judging_trials(const PriorSplit& split) const {
  const ResidualPriors& chosen = settings_[choose(split.chosen_by)];
  std::vector<PriorTrial> trials;
  for (const StudyCase& study_case : split.judged_by) {
    for (const std::size_t budget : options_.budgets) {
      trials.push_back(judging_trial(chosen, study_case, budget));
      trials.push_back(judging_trial({}, study_case, budget));
    }
  }
  return trials;
}

double PriorStudy::mean_error_pct(const ResidualPriors& priors, const std::vector<StudyCase>& cases,
                                  std::size_t budget) const {
  double sum = 0;
  for (const StudyCase& study_case : cases) {
    sum += mean_of(trials_.errors_pct(choosing_trial(priors, study_case, budget)));
  }
  return sum / static_cast<double>(cases.size());
}

std::size_t PriorStudy::choose(const std::vector<StudyCase>& cases) const {
  std::vector<double> log_errors(settings_.size(), 0.0);
  for (std::size_t i = 0; i < settings_.size(); ++i) {
    for (const StudyCase& study_case : cases) {
      for (const std::size_t budget : options_.budgets) {
        log_errors[i] += std::log(mean_of(trials_.errors_pct(choosing_trial(settings_[i], study_case, budget))));
      }
    }
  }
  const auto least = std::min_element(log_errors.begin(), log_errors.end());
  return static_cast<std::size_t>(least - log_errors.begin());
}

std::vector<Judgement> PriorStudy::judge(const PriorSplit& split) const {
  const ResidualPriors& chosen = settings_[choose(split.chosen_by)];
  std::vector<Judgement> judgements(options_.budgets.size());
  for (const StudyCase& study_case : split.judged_by) {
    for (std::size_t k = 0; k < judgements.size(); ++k) {
      const std::size_t budget = options_.budgets[k];
      judgements[k].add({1, trials_.errors_pct(judging_trial(chosen, study_case, budget)),
                         trials_.errors_pct(judging_trial({}, study_case, budget))});
    }
  }
  return judgements;
}

}  // namespace perfmodel::bench
