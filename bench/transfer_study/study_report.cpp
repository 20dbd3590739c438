#include "study_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <set>

#include "json_line.h"
#include "perfmodel/core/csv.h"
#include "plot.h"
#include "text_table.h"

namespace perfmodel::bench {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

using Predicate = std::function<bool(const StudyRow&)>;

std::string case_name(const StudyCase& study_case) {
  const auto stem = [](const std::string& path) { return std::filesystem::path(path).stem().string(); };
  return stem(study_case.source) + " to " + stem(study_case.target) + ", " + study_case.objective;
}

std::string method_name(const StudyRow& row) {
  return row.result.strategy + " " + row.result.learner;
}

/// Distinct answers of `name` over the rows, in the order in which they come.
std::vector<std::string> distinct(const std::vector<StudyRow>& rows,
                                  const std::function<std::string(const StudyRow&)>& name) {
  std::vector<std::string> names;
  for (const StudyRow& row : rows) {
    if (std::find(names.begin(), names.end(), name(row)) == names.end()) names.push_back(name(row));
  }
  return names;
}

double mean_of(const std::vector<StudyRow>& rows, const Predicate& chosen, double tools::Comparison::*number) {
  double sum = 0, count = 0;
  for (const StudyRow& row : rows) {
    if (!chosen(row) || !std::isfinite(row.result.*number)) continue;
    sum += row.result.*number;
    count += 1;
  }
  return count == 0 ? kUnknown : sum / count;
}

double least_coverage(const std::vector<StudyRow>& rows, const Predicate& chosen) {
  double least = kUnknown;
  for (const StudyRow& row : rows) {
    if (chosen(row) && std::isfinite(row.result.coverage_pct)) least = std::fmin(least, row.result.coverage_pct);
  }
  return least;
}

/// By how much a method is worse than the best of the study's four strategies, on the target where that is most.
double worst_excess_pct(const std::vector<StudyRow>& rows, const Predicate& chosen) {
  static const std::set<std::string> kOfTheStudy = {"dm", "gs", "gs_aic", "lms", "nlms"};
  double worst = kUnknown;
  for (const StudyRow& row : rows) {
    if (!chosen(row)) continue;
    double best = std::numeric_limits<double>::infinity();
    for (const StudyRow& other : rows) {
      if (kOfTheStudy.count(other.result.strategy) != 0 && other.budget == row.budget &&
          case_name(other.study_case) == case_name(row.study_case)) {
        best = std::min(best, other.result.mape_pct);
      }
    }
    if (std::isfinite(best)) worst = std::fmax(worst, 100 * (row.result.mape_pct / best - 1));
  }
  return worst;
}

/// How many were measured: a number, or the least and the most.
std::string measured_text(const std::vector<StudyRow>& rows, const Predicate& chosen) {
  std::size_t least = std::numeric_limits<std::size_t>::max(), most = 0;
  for (const StudyRow& row : rows) {
    if (!chosen(row)) continue;
    least = std::min(least, row.result.measured);
    most = std::max(most, row.result.measured);
  }
  return least == most ? std::to_string(most) : std::to_string(least) + " to " + std::to_string(most);
}

void print_methods(const std::vector<StudyRow>& rows, const std::string& budget, bool hardware_change) {
  const auto of_group = [&](const StudyRow& row) {
    return row.budget == budget && row.study_case.hardware_change == hardware_change;
  };
  std::printf("\n%s, budget %s, means over targets\n",
              hardware_change ? "another board (TX1, TX2)" : "another size or network (TX2)", budget.c_str());
  tools::TextTable table({"strategy, learner", "measured", "time MAPE %", "energy MAPE %", "mean",
                          "worst vs best of study %", "in interval %", "least", "width %", "regret %"});
  for (const std::string& method : distinct(rows, method_name)) {
    const auto of_method = [&](const StudyRow& row) { return of_group(row) && method_name(row) == method; };
    const auto is_time = [&](const StudyRow& row) {
      return of_method(row) && row.study_case.objective == "inference_time_s";
    };
    const auto is_energy = [&](const StudyRow& row) { return of_method(row) && !is_time(row); };
    if (std::none_of(rows.begin(), rows.end(), of_method)) continue;
    table.add_row({method, measured_text(rows, of_method),
                   tools::pct_text(mean_of(rows, is_time, &tools::Comparison::mape_pct)),
                   tools::pct_text(mean_of(rows, is_energy, &tools::Comparison::mape_pct)),
                   tools::pct_text(mean_of(rows, of_method, &tools::Comparison::mape_pct)),
                   tools::pct_text(worst_excess_pct(rows, of_method)),
                   tools::pct_text(mean_of(rows, of_method, &tools::Comparison::coverage_pct)),
                   tools::pct_text(least_coverage(rows, of_method)),
                   tools::pct_text(mean_of(rows, of_method, &tools::Comparison::interval_width_pct)),
                   tools::pct_text(mean_of(rows, of_method, &tools::Comparison::regret_pct))});
  }
  table.print();
}

/// Each target by itself: error, its deviation over the repeats, and what was spent.
void print_targets(const std::vector<StudyRow>& rows, const std::string& budget) {
  std::printf("\neach target, budget %s\n", budget.c_str());
  tools::TextTable table({"source to target, objective", "strategy, learner", "measured", "hours", "MAPE %", "+-",
                          "in interval %", "width %", "regret %"});
  for (const StudyRow& row : rows) {
    if (row.budget != budget) continue;
    const tools::Comparison& result = row.result;
    char hours[32];
    std::snprintf(hours, sizeof hours, "%.4f", row.measuring_hours);
    table.add_row({case_name(row.study_case), method_name(row), std::to_string(result.measured), hours,
                   tools::pct_text(result.mape_pct), tools::pct_text(result.mape_pct_std),
                   tools::pct_text(result.coverage_pct), tools::pct_text(result.interval_width_pct),
                   tools::pct_text(result.regret_pct)});
  }
  table.print();
}

/// What guided sampling found on each source.
void print_terms(const std::vector<StudyRow>& rows) {
  std::set<std::string> seen;
  for (const StudyRow& row : rows) {
    const std::string& method = row.result.strategy;
    const std::string source = row.study_case.source + ", " + row.study_case.objective + ", " + method;
    if ((method != "gs" && method != "gs_aic") || !seen.insert(source).second) continue;
    std::printf("\n%s\n", source.c_str());
    for (const std::string& words : row.result.words) std::printf("  %s\n", words.c_str());
  }
}

void write_rows(const std::vector<StudyRow>& rows, const std::string& folder) {
  CsvTable table;
  table.columns = {"source",     "target",         "objective", "strategy",     "learner",         "budget",
                   "measured",   "repeats",        "mape_pct",  "mape_pct_std", "coverage_90_pct", "interval_width_pct",
                   "regret_pct", "measuring_hours"};
  std::vector<std::string> lines;
  for (const StudyRow& row : rows) {
    const tools::Comparison& result = row.result;
    table.rows.push_back(
        {row.study_case.source, row.study_case.target, row.study_case.objective, result.strategy, result.learner,
         row.budget, std::to_string(result.measured), std::to_string(result.repeats),
         format_number(tools::rounded(result.mape_pct)), format_number(tools::rounded(result.mape_pct_std)),
         format_number(tools::rounded(result.coverage_pct)), format_number(tools::rounded(result.interval_width_pct)),
         format_number(tools::rounded(result.regret_pct)), format_number(tools::rounded(row.measuring_hours, 5))});
    lines.push_back(to_json(row));
  }
  write_csv(table, folder + "/study.csv");
  std::ofstream(folder + "/study.json") << tools::json_array(lines) << "\n";
}

std::string budget_of(const StudyRow& row) {
  return row.budget;
}

std::string learner_of(const StudyRow& row) {
  return row.result.learner;
}

/// The errors of one budget and learner.
void draw(const std::vector<StudyRow>& all, const std::string& budget, const std::string& learner,
          const std::string& folder) {
  std::vector<StudyRow> rows;
  for (const StudyRow& row : all) {
    if (row.budget == budget && row.result.learner == learner) rows.push_back(row);
  }
  const std::string measured = budget == "pool" ? "guided sampling's whole pool" : budget;
  tools::GroupedBars bars;
  bars.title = "Error on configurations that were not measured; measured: " + measured + "; learner: " + learner;
  bars.unit = "MAPE (%)";
  bars.groups = distinct(rows, [](const StudyRow& row) { return case_name(row.study_case); });
  bars.series = distinct(rows, [](const StudyRow& row) { return row.result.strategy; });
  bars.values.assign(bars.groups.size(), std::vector<double>(bars.series.size(), kUnknown));
  const auto position = [](const std::vector<std::string>& names, const std::string& name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  for (const StudyRow& row : rows) {
    bars.values[position(bars.groups, case_name(row.study_case))][position(bars.series, row.result.strategy)] =
        row.result.mape_pct;
  }
  tools::plot_groups(folder + "/error_" + budget + "_" + learner + ".svg", bars);
}

}  // namespace

void write_report(const std::vector<StudyRow>& rows, const std::string& folder) {
  const std::vector<std::string> budgets = distinct(rows, budget_of);
  for (const bool hardware_change : {false, true}) {
    for (const std::string& budget : budgets) print_methods(rows, budget, hardware_change);
  }
  for (const std::string& budget : budgets) print_targets(rows, budget);
  print_terms(rows);
  write_rows(rows, folder);
  if (!tools::can_plot()) return;
  for (const std::string& learner : distinct(rows, learner_of)) {
    for (const std::string& budget : budgets) draw(rows, budget, learner, folder);
  }
}

}  // namespace perfmodel::bench
