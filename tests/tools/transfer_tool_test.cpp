// perfmodel-transfer on tables: comparisons.
#include <gmock/gmock.h>

#include <iterator>

#include "perfmodel/config/config_space.h"
#include "transfer_board.h"

namespace perfmodel {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class TransferComparison : public TransferTool {
 protected:
  /// Compares on the boards, or on other tables.
  ToolRun compare(const std::vector<std::string>& more, const std::string& source, const std::string& target) const {
    std::vector<std::string> arguments = {"--source", source,        "--target",  target, "--objective", "time_ms",
                                          "--ignore", "power_watts", "--repeats", "2",    "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_transfer(arguments);
  }
  ToolRun compare(const std::vector<std::string>& more) const { return compare(more, source_, target_); }

  static std::vector<json> rows_of(const ToolRun& run) {
    std::vector<json> rows;
    for (const std::string& line : lines_in(run.out)) rows.push_back(json::parse(line));
    return rows;
  }

  std::string write_table(const std::string& rows) const {
    return write_text(folder_ + "written.csv", "num_cores,clock_mhz,power_watts,time_ms\n" + rows);
  }
};

TEST_F(TransferComparison, ComparesStrategiesOnTables) {
  const ToolRun result = run_transfer({"--source", source_, "--target", target_, "--objective", "time_ms", "--ignore",
                                       "power_watts,time_ms", "--strategy", "dm,lms", "--learner", "tree,forest",
                                       "--budget", "5", "--repeats", "3", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::vector<json> rows = rows_of(result);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0]["source"], "source");
  EXPECT_EQ(rows[0]["target"], "target");
  EXPECT_EQ(rows[0]["objective"], "time_ms");
  EXPECT_EQ(rows[0]["strategy"], "dm");
  EXPECT_EQ(rows[0]["learner"], "tree");
  EXPECT_EQ(rows[0]["measured"], 0);
  constexpr double kAThirdInsteadOfOne_pct = 66.667, kFloatLeaves_pct = 0.01;
  EXPECT_NEAR(rows[0]["mape_pct"].get<double>(), kAThirdInsteadOfOne_pct, kFloatLeaves_pct);
  EXPECT_EQ(rows[2]["strategy"], "lms");
  EXPECT_EQ(rows[2]["budget"], 5);
  EXPECT_EQ(rows[2]["measured"], 5);
  EXPECT_EQ(rows[2]["repeats"], 3);
  EXPECT_LT(rows[2]["mape_pct"].get<double>(), kFloatLeaves_pct) << "the target is a multiple of the source";
  EXPECT_TRUE(rows[2].contains("mape_pct_std"));
  EXPECT_TRUE(rows[2].contains("coverage_90_pct"));
}

/// What a campaign over configurations writes of time_ms(), times `factor`; of a precision the index is the value. With
/// one core it failed.
std::string write_campaign(const std::string& path, double factor, bool all_failed = false) {
  const ConfigSpace space({Option::integer("num_cores", 1, kMostCores),
                           Option::ordinal("clock_mhz", {std::begin(kClocks_mhz), std::end(kClocks_mhz)}),
                           Option::categorical("precision", {"whole", "half"})});
  CsvTable table;
  table.columns = {"candidate", "status", "reason", "num_cores", "clock_mhz", "precision", "time_ms", "config_space"};
  for (std::uint64_t i = 0; i < space.num_points(); ++i) {
    const std::vector<double> values = space.values(space.at(i));
    const bool failed = values[0] == 1 || all_failed;
    const double time = factor * time_ms(values[0], values[1]) / (1 + values[2]);
    table.rows.push_back({std::to_string(i), failed ? "failed" : "ok", failed ? "timeout: too slow" : "",
                          format_number(values[0]), format_number(values[1]), format_number(values[2]),
                          failed ? "" : format_number(time), space.to_json()});
  }
  write_csv(table, path);
  return path;
}

TEST_F(TransferComparison, TakesTablesOfCampaignsAsTheyAre) {
  const std::string source = write_campaign(folder_ + "fast.csv", 1), target = write_campaign(folder_ + "slow.csv", 3);
  const ToolRun result = run_transfer({"--source", source, "--target", target, "--objective", "time_ms", "--strategy",
                                       "lms", "--budget", "5", "--repeats", "1", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("fast.csv: 8 of 32 rows failed and are left out"));
  EXPECT_THAT(result.err, HasSubstr("slow.csv: 8 of 32 rows failed and are left out"));
  constexpr double kFloatLeaves_pct = 0.01;
  ASSERT_EQ(rows_of(result).size(), 1U);
  EXPECT_LT(rows_of(result)[0]["mape_pct"].get<double>(), kFloatLeaves_pct) << "the target is a multiple of the source";

  const std::string none = write_campaign(folder_ + "none.csv", 1, /*all_failed=*/true);
  const ToolRun refused = run_transfer({"--source", none, "--target", target, "--objective", "time_ms"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("none.csv: all 32 rows failed, the first of timeout: too slow"));
}

TEST_F(TransferComparison, RunsEachNameOnce) {
  const ToolRun result =
      compare({"--strategy", "dm,lms,dm", "--learner", "tree,tree", "--target", target_, "--budget", "5"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(rows_of(result).size(), 2U);
}

TEST_F(TransferComparison, GoesOnAfterAComparisonThatCannotBe) {
  const ToolRun result = compare({"--strategy", "dm,residual,lms", "--budget", "2"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("1 of 3 comparisons failed"));
  const std::vector<json> rows = rows_of(result);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_FALSE(rows[0].contains("error"));
  EXPECT_EQ(rows[1]["strategy"], "residual");
  EXPECT_EQ(rows[1]["learner"], "tree");
  EXPECT_THAT(rows[1]["error"].get<std::string>(), HasSubstr("residual needs at least 3 measurements, 2 were told"));
  EXPECT_FALSE(rows[1].contains("mape_pct"));
  EXPECT_EQ(rows[2]["measured"], 2);
}

TEST_F(TransferComparison, ShowsFailuresInTheTableForPeople) {
  const ToolRun result = run_transfer({"--source", source_, "--target", target_, "--objective", "time_ms", "--ignore",
                                       "power_watts", "--strategy", "dm,residual", "--budget", "2", "--repeats", "1"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, ContainsRegex("target +dm +tree +0 +66.7"));
  EXPECT_THAT(result.out, ContainsRegex("target +residual +tree +failed"));
  EXPECT_THAT(result.err, HasSubstr("target, residual with tree: residual needs at least 3 measurements"));
}

struct BudgetCase {
  const char* budget;
  std::size_t num_failed;
  const char* says;
};

TEST_F(TransferComparison, SaysWhichBudgetsCannotBe) {
  const BudgetCase cases[] = {{"0", 2, "lms needs at least 2 measurements, 0 were told"},
                              {"1", 2, "gs needs at least 2 measurements, 1 were told"},
                              {"17", 2, "all 16 candidates were measured, none is left to compare with"}};
  for (const BudgetCase& of : cases) {
    SCOPED_TRACE(of.budget);
    const ToolRun result = compare({"--strategy", "dm,lms,gs", "--budget", of.budget});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr(of.says));
    std::size_t num_failed = 0;
    for (const json& row : rows_of(result)) num_failed += row.contains("error") ? 1 : 0;
    EXPECT_EQ(num_failed, of.num_failed);
  }
}

struct ValuesCase {
  const char* name;
  bool is_source;
  const char* rows;
  const char* strategies;
  std::size_t num_rows, num_failed;
  const char* says;
};

TEST_F(TransferComparison, SaysWhichValuesCannotBe) {
  const char kZero[] = "1,100,5,0\n1,200,5,3\n2,100,5,4\n2,200,5,2\n3,100,5,6\n4,100,5,7\n1,400,5,1\n1,800,5,1\n";
  const char kConstant[] = "1,100,5,4\n1,200,5,4\n2,100,5,4\n2,200,5,4\n3,100,5,4\n4,100,5,4\n1,400,5,4\n1,800,5,4\n";
  const ValuesCase cases[] = {
      {"zero in the source", true, kZero, "dm,lms,auto,residual", 4, 2, "is 0, auto takes its logarithm"},
      {"constant source", true, kConstant, "dm,gs,lms", 3, 1, "gs with tree: "},
      {"zero in the target", false, kZero, "dm,lms", 2, 2, "the value is 0, more than 0 is allowed"},
      {"constant target", false, kConstant, "dm,lms,gs,residual", 4, 0, ""},
  };
  for (const ValuesCase& of : cases) {
    SCOPED_TRACE(of.name);
    const std::string written = write_table(of.rows);
    const ToolRun result = compare({"--strategy", of.strategies, "--budget", "5"}, of.is_source ? written : source_,
                                   of.is_source ? target_ : written);
    EXPECT_EQ(result.exit_code, of.num_failed > 0 ? 1 : 0) << result.err;
    EXPECT_THAT(result.err, HasSubstr(of.says));
    const std::vector<json> rows = rows_of(result);
    EXPECT_EQ(rows.size(), of.num_rows);
    std::size_t num_failed = 0;
    for (const json& row : rows) num_failed += row.contains("error") ? 1 : 0;
    EXPECT_EQ(num_failed, of.num_failed) << result.out;
  }
}

TEST_F(TransferComparison, SaysWhichRowIsNotPositive) {
  const std::string written = write_table("1,100,5,3\n1,200,5,0\n2,100,5,-4\n2,200,5,2\n");
  EXPECT_THAT(compare({"--strategy", "dm"}, source_, written).err,
              HasSubstr("written.csv:3: time_ms is 0 (and 1 more); "));
}

TEST_F(TransferComparison, IgnoresAColumnOfOneTable) {
  std::string rows = "num_cores,clock_mhz,time_ms\n";
  for (const double clock : kClocks_mhz) {
    for (int cores = 1; cores <= kMostCores; ++cores) {
      rows += std::to_string(cores) + "," + format_number(clock) + "," + format_number(time_ms(cores, clock)) + "\n";
    }
  }
  const ToolRun result = compare({"--strategy", "dm"}, write_text(folder_ + "plain.csv", rows), target_);
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(TransferComparison, TakesTheMeanOfRowsThatRepeat) {
  std::string rows;
  for (const std::string& line :
       lines_in(std::string(std::istreambuf_iterator<char>(std::ifstream(target_).rdbuf()), {}))) {
    if (line.rfind("num_cores", 0) == 0) continue;
    const std::size_t comma = line.rfind(',');
    const double time = std::stod(line.substr(comma + 1));
    for (const double factor : {0.9, 1.1}) rows += line.substr(0, comma + 1) + format_number(factor * time) + "\n";
  }
  const ToolRun result = compare({"--strategy", "lms", "--budget", "5"}, source_, write_table(rows));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("written.csv: 16 rows repeat a configuration; the mean of its rows is taken"));
  constexpr double kFloatLeaves_pct = 0.01;
  EXPECT_LT(rows_of(result).at(0)["mape_pct"].get<double>(), kFloatLeaves_pct)
      << "the means are three times the source";
}

TEST_F(TransferComparison, RefusesTablesThatCannotBe) {
  const auto says = [](const ToolRun& result, const std::string& words) {
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr(words));
  };
  says(run_transfer({"--source", source_, "--target", target_, "--objective", "speed"}),
       "no column 'speed' (there are: num_cores, clock_mhz, power_watts, time_ms)");
  says(compare({"--ignore", "fan"}), "no table has a column 'fan' (there are: num_cores, clock_mhz, power_watts, ");
  says(compare({"--ignore", "num_cores,clock_mhz"}), "column");
  says(compare({}, source_, write_table("")), "written.csv: ");
  says(compare({}, write_table(""), target_), "written.csv: ");
  says(compare({}, source_, write_table("1,100,5,nan\n")), "written.csv:2: column 'time_ms'");
  says(compare({}, source_, write_table("1,100,5,3\n2,nan,5,4\n")), "written.csv:3: column 'clock_mhz'");
  const std::string other = write_text(folder_ + "other.csv", "num_cores,fan,power_watts,time_ms\n1,3,1,5\n2,3,1,4\n");
  const ToolRun mismatch = compare({"--strategy", "dm"}, other, target_);
  EXPECT_EQ(mismatch.exit_code, 1);
  EXPECT_THAT(rows_of(mismatch).at(0)["error"].get<std::string>(), HasSubstr("option"));
}

TEST_F(TransferComparison, RefusesNumbersThatCannotBe) {
  struct Usage {
    const char *option, *value, *says;
  };
  const Usage usages[] = {
      {"--budget", "-1", "-1 is below 0"},  {"--budget", "1.5", "--budget"},     {"--seed", "-1", "-1 is below 0"},
      {"--repeats", "0", "0 is below 1"},   {"--threads", "0", "0 is below 1"},  {"--timeout", "0", "0 is not above 0"},
      {"--timeout", "nan", "not a finite"}, {"--gs-order", "0", "0 is outside"}, {"--gs-order", "10", "10 is outside"},
      {"--budget", "many", "not a finite"}, {"--seed", "1e30", "--seed"},
  };
  for (const Usage& usage : usages) {
    SCOPED_TRACE(std::string(usage.option) + " " + usage.value);
    const ToolRun result = compare({usage.option, usage.value});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr(usage.says));
  }
  EXPECT_EQ(run_transfer({"--source", source_, "--objective", "time_ms"}).exit_code, 2);
}

TEST_F(TransferComparison, RefusesNamesAndOptionsThatCannotBe) {
  const auto says = [&](const std::vector<std::string>& given, const std::string& words) {
    const ToolRun result = compare(given);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr(words));
  };
  says({"--strategy", "magic"}, "strategy 'magic' does not exist");
  says({"--learner", "tree,oracle"}, "oracle");
  says({"--model", folder_ + "m.safetensors"}, "--model requires --measure");
  says({"--output", folder_ + "t.db"}, "--output requires --measure");
  says({"--timeout", "3"}, "--timeout requires --measure");
  says({"--retry-failed"}, "--retry-failed requires --measure");
}

constexpr char kSpace[] = R"({"options": [
  {"name": "num_cores", "kind": "integer", "low": 1, "high": 4},
  {"name": "clock_mhz", "kind": "ordinal", "levels": [100, 200, 400, 800], "unit": "mhz"}],
  "constraints": ["num_cores < 9"]})";

// The tables have a further column, which neither --ignore nor the space names.
TEST_F(TransferComparison, TakesTheOptionsThatTheSpaceNames) {
  const std::string space = write_text(folder_ + "space.json", kSpace);
  const std::vector<std::string> given = {"--source",  source_,      "--target", target_,    "--objective",
                                          "time_ms",   "--strategy", "lms",      "--budget", "5",
                                          "--repeats", "1",          "--json",   "--space",  space};
  const ToolRun result = run_transfer(given);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  constexpr double kFloatLeaves_pct = 0.01;
  EXPECT_LT(rows_of(result).at(0)["mape_pct"].get<double>(), kFloatLeaves_pct);

  std::vector<std::string> with_source = given;
  with_source.insert(with_source.end(), {"--source-space", space});
  EXPECT_EQ(run_transfer(with_source).out, result.out);

  // A source space of other levels: its table does not fit.
  with_source.back() = write_text(folder_ + "small.json", R"({"options": [
    {"name": "num_cores", "kind": "integer", "low": 1, "high": 3}, {"name": "clock_mhz", "kind": "ordinal", "levels": [100, 200, 400, 800]}]})");
  const ToolRun refused = run_transfer(with_source);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("option 'num_cores': '4' is not an allowed level (1 to 3)"));
}

// On the source a line on clock_mhz leaves 294.1 of the squares, one on num_cores besides 219.3: F is 4.43 with 1 and
// 13 degrees of freedom, p 0.055, and AIC falls by 16 log(294.1 / 219.3) - 2 = 2.7.
TEST_F(TransferComparison, ChoosesTheTermsOfGuidedSampling) {
  std::string rows;
  for (int cores = 1; cores <= kMostCores; ++cores) {
    for (const double clock : kClocks_mhz) {
      rows += std::to_string(cores) + "," + format_number(clock) + ",5," + format_number(cores * clock) + "\n";
    }
  }
  const std::string product = write_table(rows);
  const auto explained = [&](const std::string& source, const std::vector<std::string>& more) {
    std::vector<std::string> all = {"--strategy", "gs", "--budget", "8", "--explain"};
    all.insert(all.end(), more.begin(), more.end());
    const ToolRun result = compare(all, source, target_);
    EXPECT_EQ(result.exit_code, 0);
    return result.err;
  };
  EXPECT_THAT(explained(source_, {}), AllOf(HasSubstr("target, gs: 1. clock_mhz"), Not(HasSubstr(". num_cores"))));
  EXPECT_THAT(explained(source_, {"--gs-aic"}), AllOf(HasSubstr("1. clock_mhz"), HasSubstr("2. num_cores")));
  EXPECT_THAT(explained(product, {}), ContainsRegex("num_cores (and|with) clock_mhz"));
  EXPECT_THAT(explained(product, {"--gs-order", "1"}),
              AllOf(HasSubstr("2. num_cores"), Not(ContainsRegex("(and|with) clock_mhz"))));
}

}  // namespace
}  // namespace perfmodel
