#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "perfmodel/learner/model.h"
#include "predict/evaluators_for_tests.h"
#include "predict/simd/instruction_set.h"

#if defined(__GLIBC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define PERFMODEL_COUNTS_ALLOCATIONS 1
namespace {
std::atomic<std::size_t> num_allocations{0};
}

// glibc lets a program put its own in place of these; those with two underscores are glibc's.
extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* memory, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);

void* malloc(std::size_t bytes) {
  ++num_allocations;
  return __libc_malloc(bytes);
}
void* calloc(std::size_t count, std::size_t bytes) {
  ++num_allocations;
  return __libc_calloc(count, bytes);
}
void* realloc(void* memory, std::size_t bytes) {
  ++num_allocations;
  return __libc_realloc(memory, bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  ++num_allocations;
  return __libc_memalign(alignment, bytes);
}
}
#else
#define PERFMODEL_COUNTS_ALLOCATIONS 0
#endif

namespace perfmodel {
namespace {

#if PERFMODEL_COUNTS_ALLOCATIONS

std::size_t allocations_of_predict(std::shared_ptr<const Evaluator> evaluator, std::size_t num_rows,
                                   double value = 1.5) {
  ModelInfo info;
  info.features.resize(evaluator->num_inputs());
  info.interval_level = 0.9;  // so that deviations are asked for
  info.interval_upper_factor = 1.5;
  const Model model(info, std::move(evaluator));
  const std::vector<double> values(num_rows * model.num_features(), value);
  std::vector<Prediction> out(num_rows);
  Workspace workspace(model.workspace_bytes(num_rows));
  const std::size_t before = num_allocations;
  const Status status =
      model.predict({values.data(), num_rows, model.num_features()}, out, workspace, MissingValues::kAsLearnt);
  const std::size_t after = num_allocations;
  EXPECT_TRUE(status.ok()) << status.message;
  return after - before;
}

TEST(PredictionAllocations, AreCounted) {
  const std::size_t before = num_allocations;
  std::free(std::malloc(100));
  delete new int(1);
  EXPECT_GE(num_allocations - before, 1U);
}

TEST(PredictionAllocations, AreNoneForEveryKind) {
  for (const simd::InstructionSet set : simd::available_instruction_sets()) {
    const simd::ForcedInstructionSet forced(set);
    for (const char* kind : kEvaluatorKinds) {
      SCOPED_TRACE(std::string(kind) + " " + simd::instruction_set_name(set));
      for (const std::size_t num_rows : {0, 1, 33, 1000})
        EXPECT_EQ(allocations_of_predict(example_evaluator(kind), num_rows), 0U);
    }
  }
}

TEST(PredictionAllocations, AreNoneForMissingValues) {
  Random random(3);
  TreeEnsemble trees = random_trees(3, 100, random);
  trees.missing_left.assign(trees.feature.size(), 1);
  EXPECT_EQ(allocations_of_predict(make_tree_ensemble(trees), 33, std::nan("")), 0U);
}

TEST(PredictionAllocations, AreNoneForResPerfNetOfFullSize) {
  Random random(1);
  for (const std::size_t num_inputs : {1, 9, 48}) {
    const auto network = make_sequence_network(num_inputs, resperfnet_layers(num_inputs, 128, random));
    for (const std::size_t num_rows : {1, 5, 33, 1000})
      EXPECT_EQ(allocations_of_predict(network, num_rows), 0U) << num_rows;
  }
}

TEST(PredictionAllocations, AreNoneForNetworksOfAnyShape) {
  Random random(2);
  for (int trial = 0; trial < 20; ++trial) {
    const auto num_inputs = static_cast<std::size_t>(random.integer(1, 300));
    const auto network = make_sequence_network(num_inputs, random_layers(num_inputs, random));
    EXPECT_EQ(allocations_of_predict(network, 33), 0U) << trial;
  }
  const std::vector<NetworkLayer> wide = {random_layer(NetworkLayer::Kind::kDense, 5, 3000, 1, random),
                                          random_layer(NetworkLayer::Kind::kDense, 3000, 2000, 1, random),
                                          random_layer(NetworkLayer::Kind::kDense, 2000, 1, 1, random)};
  EXPECT_EQ(allocations_of_predict(make_sequence_network(5, wide), 300), 0U);
}

#else

TEST(PredictionAllocations, AreCounted) {
  GTEST_SKIP() << "allocations are counted with glibc and without sanitizers only";
}

#endif

}  // namespace
}  // namespace perfmodel
