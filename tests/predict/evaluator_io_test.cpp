#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/archive.h"
#include "core/json.h"
#include "evaluators_for_tests.h"
#include "expect_error.h"

namespace perfmodel {
namespace {

/// Through the bytes of a file and the text of its JSON, as a model goes.
std::shared_ptr<const Evaluator> copy_through_file(const Evaluator& evaluator) {
  ArchiveWriter writer;
  const std::string text = write_evaluator(evaluator, writer, "model").dump();
  const std::string file = writer.finish();
  const ArchiveReader reader = ArchiveReader::parse({reinterpret_cast<const std::byte*>(file.data()), file.size()});
  return read_evaluator(parse_json(text, "text"), reader, "model");
}

class EvaluatorFile : public testing::TestWithParam<const char*> {};

TEST_P(EvaluatorFile, KeepsEveryBitOfTheAnswers) {
  const auto original = example_evaluator(GetParam());
  const auto copy = copy_through_file(*original);
  EXPECT_STREQ(copy->kind(), GetParam());
  EXPECT_EQ(copy->num_inputs(), original->num_inputs());
  Random random(1);
  std::vector<double> values(300 * 3);
  for (double& value : values) value = random.log_uniform(1e-3, 1e3);
  const MatrixView<const double> rows(values.data(), 300, 3);
  EXPECT_EQ(evaluate(*copy, rows), evaluate(*original, rows));
  EXPECT_EQ(copy->has_deviation(), original->has_deviation());
  EXPECT_EQ(evaluate_with_deviation(*copy, rows).deviations, evaluate_with_deviation(*original, rows).deviations);
}

TEST_P(EvaluatorFile, IsWrittenTheSameAgain) {
  const auto original = example_evaluator(GetParam());
  ArchiveWriter first, second;
  EXPECT_EQ(write_evaluator(*original, first, "model"),
            write_evaluator(*copy_through_file(*original), second, "model"));
  EXPECT_EQ(first.finish(), second.finish());
}

INSTANTIATE_TEST_SUITE_P(Kinds, EvaluatorFile, testing::ValuesIn(kEvaluatorKinds),
                         [](const auto& info) { return std::string(info.param); });

std::shared_ptr<const Evaluator> nested(int levels) {
  auto evaluator = make_constant(1, 1);
  for (int i = 1; i < levels; ++i) evaluator = make_mean({evaluator}, {1}, false);
  return evaluator;
}

TEST_P(EvaluatorFile, AnswersTheSameWithDeviation) {
  const auto evaluator = example_evaluator(GetParam());
  Random random(2);
  std::vector<double> values(300 * 3);
  for (double& value : values) value = random.log_uniform(1e-3, 1e3);
  const MatrixView<const double> rows(values.data(), 300, 3);
  const AnswersWithDeviation with_deviation = evaluate_with_deviation(*evaluator, rows);
  EXPECT_EQ(with_deviation.answers, evaluate(*evaluator, rows));
  for (const double deviation : with_deviation.deviations) {
    if (evaluator->has_deviation()) {
      EXPECT_GT(deviation, 0);
    } else {
      EXPECT_EQ(deviation, 0);
    }
  }
}

TEST(EvaluatorFile, NestsEightDeepAndNoDeeper) {
  EXPECT_EQ(copy_through_file(*nested(8))->num_inputs(), 1U);
  ArchiveWriter writer;
  EXPECT_PM_ERROR(write_evaluator(*nested(9), writer, "model"), ErrorCode::kInvalidArgument, "9 parts nested 9 deep");
  EXPECT_PM_ERROR(read_evaluator(nested(9)->write(writer, "model"), ArchiveReader(), "model"), ErrorCode::kCorrupt,
                  "nested deeper than 8");
}

TEST(EvaluatorFile, HoldsAThousandPartsAndNoMore) {
  const auto with_parts = [](std::size_t num_parts) {
    const std::size_t num_members = num_parts - 1;
    return make_mean(std::vector<std::shared_ptr<const Evaluator>>(num_members, make_constant(1, 1)),
                     std::vector<double>(num_members, 1), false);
  };
  EXPECT_EQ(copy_through_file(*with_parts(1000))->num_inputs(), 1U);
  ArchiveWriter writer;
  EXPECT_PM_ERROR(write_evaluator(*with_parts(1001), writer, "model"), ErrorCode::kInvalidArgument, "1001 parts");
  EXPECT_PM_ERROR(read_evaluator(with_parts(1001)->write(writer, "model"), ArchiveReader(), "model"),
                  ErrorCode::kCorrupt, "more than 1000 parts");
}

}  // namespace
}  // namespace perfmodel
