#include <gmock/gmock.h>

#include <map>
#include <set>
#include <sstream>
#include <string>

#include "measured_tables.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/learner/regression.h"

namespace perfmodel {
namespace {

struct ExpectedTerm {
  double coefficient, p_value;
};

/// What R's step() found, as tests/data/stepwise/step_tx2.R wrote it.
struct Expected {
  std::map<std::set<std::string>, ExpectedTerm> terms;
  double intercept = 0, aic = 0, residual_sum_of_squares = 0;

  explicit Expected(const std::string& name) {
    const CsvTable table = read_csv(std::string(PERFMODEL_TEST_DATA) + "/stepwise/" + name + ".csv");
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const std::string& term = table.text(i, 0);
      const double value = table.number(i, 1);
      if (term == "(Intercept)") {
        intercept = value;
      } else if (term == "aic") {
        aic = value;
      } else if (term == "residual_sum_of_squares") {
        residual_sum_of_squares = value;
      } else {
        terms[options_of(term)] = {value, table.number(i, 2)};
      }
    }
  }

  static std::set<std::string> options_of(const std::string& term) {  // "a:b"
    std::set<std::string> options;
    std::istringstream stream(term);
    for (std::string option; std::getline(stream, option, ':');) options.insert(option);
    return options;
  }
};

using MeasuredStepwise = MeasuredTables;

TEST_F(MeasuredStepwise, AgreesWithRByAic) {
  constexpr double kRelative = 1e-8;  // R writes 15 digits, the rest is rounding of sums over 768 rows
  const CsvTable table = read_csv(path_of("opml19_tx2/tx2_xception_400.csv"));
  for (const std::string target : {"inference_time_s", "power_sum_mw"}) {
    const Dataset data = Dataset::from_csv(
        table, target, {"core1_status", "core2_status", "core3_status", "core_freq_khz", "gpu_freq_hz", "emc_freq_hz"});
    for (const bool log_target : {false, true}) {
      const std::string name = target + (log_target ? "_log" : "_raw");
      SCOPED_TRACE(name);
      const Expected expected(name);
      StepwiseOptions options;
      options.criterion = StepwiseOptions::Criterion::kAic;
      options.max_order = 9;
      options.log_target = log_target;
      const StepwiseResult result = stepwise_regression(data, options);

      EXPECT_NEAR(result.aic, expected.aic, kRelative * std::abs(expected.aic));
      EXPECT_NEAR(result.residual_sum_of_squares, expected.residual_sum_of_squares,
                  kRelative * expected.residual_sum_of_squares);
      EXPECT_NEAR(result.intercept, expected.intercept, kRelative * std::abs(expected.intercept));
      EXPECT_EQ(result.terms.size(), expected.terms.size());
      for (const StepwiseTerm& term : result.terms) {
        std::set<std::string> names;
        for (const std::size_t feature : term.features) names.insert(data.feature_names()[feature]);
        const auto found = expected.terms.find(names);
        if (found == expected.terms.end()) {
          ADD_FAILURE() << "R has no term of " << ::testing::PrintToString(names);
          continue;
        }
        EXPECT_NEAR(term.coefficient, found->second.coefficient, kRelative);
        const double p_value = found->second.p_value;
        EXPECT_NEAR(term.p_value, p_value, 1e-6 * p_value) << ::testing::PrintToString(names);
      }
    }
  }
}

}  // namespace
}  // namespace perfmodel
