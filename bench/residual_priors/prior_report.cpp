#include "prior_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "perfmodel/core/csv.h"
#include "prior_cases.h"
#include "prior_draws.h"
#include "text_table.h"

namespace perfmodel::bench {
namespace {

const std::vector<std::string> kFamilies = {kTx2, kBoards, kKernels};

std::string two_decimals(double value) {
  return fmt::format("{:.2f}", value);
}

/// What splits chose and how it was judged, a row per budget.
class SplitTable {
 public:
  explicit SplitTable(const PriorStudy& study)
      : study_(study),
        table_(
            {"priors chosen", "setting", "budget", "cases", "shipped %", "chosen %", "difference", "standard error"}) {}

  /// @return  what was judged, one per budget
  std::vector<Judgement> add(const PriorSplit& split) {
    std::vector<Judgement> judgements = study_.judge(split);
    add_rows(split.name, std::to_string(study_.choose(split.chosen_by)), judgements);
    return judgements;
  }

  void add_rows(const std::string& name, const std::string& setting, const std::vector<Judgement>& judgements) {
    for (std::size_t k = 0; k < judgements.size(); ++k) {
      const Judgement& judgement = judgements[k];
      table_.add_row({name, setting, std::to_string(study_.options().budgets[k]), std::to_string(judgement.num_cases),
                      two_decimals(judgement.mean_shipped_pct()), two_decimals(judgement.mean_chosen_pct()),
                      two_decimals(judgement.mean_difference_pct()), two_decimals(judgement.difference_error_pct())});
    }
  }

  void print() const { table_.print(); }

 private:
  const PriorStudy& study_;
  tools::TextTable table_;
};

void report_splits(const PriorStudy& study, const std::vector<PriorSplit>& by_table,
                   const std::vector<PriorSplit>& others) {
  SplitTable table(study);
  std::vector<Judgement> all(study.options().budgets.size());
  for (const PriorSplit& split : by_table) {
    const std::vector<Judgement> judgements = table.add(split);
    for (std::size_t k = 0; k < all.size(); ++k) all[k].add(judgements[k]);
  }
  table.add_rows("all of these", "", all);
  for (const PriorSplit& split : others) table.add(split);
  table.print();
}

/// Errors of all settings over the cases, the least first.
std::vector<double> sorted_errors_pct(const PriorStudy& study, const std::vector<StudyCase>& cases,
                                      std::size_t budget) {
  std::vector<double> errors_pct;
  for (const ResidualPriors& priors : study.settings()) {
    errors_pct.push_back(study.mean_error_pct(priors, cases, budget));
  }
  std::sort(errors_pct.begin(), errors_pct.end());
  return errors_pct;
}

void report_spread(const PriorStudy& study, const std::vector<StudyCase>& cases) {
  tools::TextTable table({"drawn settings", "budget", "shipped %", "best", "median", "worst", "better than shipped"});
  for (const std::string& family : kFamilies) {
    const std::vector<StudyCase> some = of_family(cases, family);
    for (const std::size_t budget : study.options().budgets) {
      const std::vector<double> errors_pct = sorted_errors_pct(study, some, budget);
      const double shipped_pct = study.mean_error_pct({}, some, budget);
      const auto better = std::lower_bound(errors_pct.begin(), errors_pct.end(), shipped_pct) - errors_pct.begin();
      table.add_row({family, std::to_string(budget), two_decimals(shipped_pct), two_decimals(errors_pct.front()),
                     two_decimals(errors_pct[errors_pct.size() / 2]), two_decimals(errors_pct.back()),
                     fmt::format("{} of {}", better, errors_pct.size())});
    }
  }
  table.print();
}

CsvTable settings_table(const PriorStudy& study, const std::vector<StudyCase>& cases) {
  CsvTable table;
  table.columns = prior_names();
  table.columns.insert(table.columns.begin(), "setting");
  for (const std::string& family : kFamilies) {
    for (const std::size_t budget : study.options().budgets) {
      table.columns.push_back(fmt::format("{}_{}_mape_pct", family, budget));
    }
  }
  const auto add = [&](const std::string& name, const ResidualPriors& priors) {
    std::vector<std::string> row = {name};
    for (const double number : prior_numbers(priors)) row.push_back(fmt::format("{:.4g}", number));
    for (const std::string& family : kFamilies) {
      for (const std::size_t budget : study.options().budgets) {
        row.push_back(two_decimals(study.mean_error_pct(priors, of_family(cases, family), budget)));
      }
    }
    table.rows.push_back(row);
  };
  add("shipped", {});
  for (std::size_t i = 0; i < study.settings().size(); ++i) add(std::to_string(i), study.settings()[i]);
  return table;
}

}  // namespace

void report_priors(const PriorStudy& study, const std::vector<PriorSplit>& by_table,
                   const std::vector<PriorSplit>& others, const std::vector<StudyCase>& cases,
                   const std::string& path) {
  report_splits(study, by_table, others);
  std::printf("\n");
  report_spread(study, cases);
  write_csv(settings_table(study, cases), path);
}

}  // namespace perfmodel::bench
