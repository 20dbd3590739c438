#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "model_files_for_tests.h"
#include "perfmodel/core/csv.h"
#include "predict/evaluators_for_tests.h"

namespace perfmodel {
namespace {

// Another compiler or processor may sum float32 products in another order, and exp and log differ in the last bit.
constexpr double kRelativeTolerance = 1e-5;

/// Files that a released version wrote must load for ever, and predict what they predicted then.
TEST(ModelCompatibility, LoadsFilesOfVersion1) {
  const std::string folder = std::string(PERFMODEL_TEST_DATA) + "/model_v1/";
  const CsvTable table = read_csv(folder + "predictions.csv");
  std::set<std::string> seen;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const std::string kind = table.text(row, table.column_index("kind"));
    const auto number = [&](const char* column) { return table.number(row, table.column_index(column)); };
    SCOPED_TRACE(kind + ", line " + std::to_string(table.lines[row]));
    const Model model = Model::load(folder + kind + ".safetensors");
    EXPECT_EQ(model.info().features[1].name, "input_bytes");
    const Prediction answer = predict_all(model, {number("x0"), number("x1"), number("x2")})[0];
    EXPECT_NEAR(answer.mean, number("mean"), kRelativeTolerance * std::abs(number("mean")));
    EXPECT_NEAR(answer.lower, number("lower"), kRelativeTolerance * std::abs(number("lower")));
    EXPECT_NEAR(answer.upper, number("upper"), kRelativeTolerance * std::abs(number("upper")));
    EXPECT_EQ(answer.in_domain, number("in_domain") == 1);
    seen.insert(kind);
  }
  EXPECT_EQ(seen, std::set<std::string>(std::begin(kEvaluatorKinds), std::end(kEvaluatorKinds)));
}

}  // namespace
}  // namespace perfmodel
