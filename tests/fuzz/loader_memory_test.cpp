// How much memory loading takes at most, beside the size of the file. A program of its own, as it counts what its
// process allocates.

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "core/file.h"
#include "fuzz_target.h"
#include "learner/model_files_for_tests.h"
#include "predict/evaluators_for_tests.h"
#include "seal.h"

#if defined(__GLIBC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define PERFMODEL_SEES_ALLOCATIONS 1
namespace {
std::size_t allocated_bytes = 0, most_allocated_bytes = 0;  // the tests run on one thread

void* count(void* memory) {
  allocated_bytes += malloc_usable_size(memory);
  most_allocated_bytes = std::max(most_allocated_bytes, allocated_bytes);
  return memory;
}
}  // namespace

// glibc lets a program put its own in place of these; those with two underscores are glibc's.
extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* memory, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
void __libc_free(void* memory);

void* malloc(std::size_t bytes) {
  return count(__libc_malloc(bytes));
}
void* calloc(std::size_t number, std::size_t bytes) {
  return count(__libc_calloc(number, bytes));
}
void* realloc(void* memory, std::size_t bytes) {
  allocated_bytes -= malloc_usable_size(memory);
  return count(__libc_realloc(memory, bytes));
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  return count(__libc_memalign(alignment, bytes));
}
void free(void* memory) {
  allocated_bytes -= malloc_usable_size(memory);
  __libc_free(memory);
}
}
#else
#define PERFMODEL_SEES_ALLOCATIONS 0
#endif

namespace perfmodel {
namespace {

#if PERFMODEL_SEES_ALLOCATIONS

/// Bytes that loading holds at most, the file not counted.
std::size_t bytes_to_load(const std::string& file) {
  const std::size_t before = most_allocated_bytes = allocated_bytes;
  try {
    load_bytes(file);
  } catch (const Error&) {
  }
  return most_allocated_bytes - before;
}

constexpr std::size_t kSmall = 64 * 1024;  // messages, buckets and the like
constexpr std::size_t kForNumbers = 10;    // times the file: copies of tensors, and many small trees in two layouts
constexpr std::size_t kForText = 60;       // times the file: JSON takes so much for each comma

TEST(LoaderMemory, IsAFewTimesTheTensors) {
  Random random(1);
  const std::string trees =
      file_of(Model(example_model("trees").info(), make_tree_ensemble(random_trees(3, 20000, random))));
  ASSERT_GT(trees.size(), 1000000U);
  EXPECT_LT(bytes_to_load(trees), kForNumbers * trees.size());

  const std::string process =
      file_of(Model(example_model("gaussian_process").info(), make_gaussian_process(random_process(3, 500, random))));
  EXPECT_LT(bytes_to_load(process), kForNumbers * process.size());
}

/// Trees without a decision, or with one.
TreeEnsemble stumps(std::size_t num_trees, bool split) {
  TreeEnsemble trees;
  trees.num_inputs = 3;
  for (std::size_t tree = 0; tree < num_trees; ++tree) {
    const auto root = static_cast<std::int32_t>(trees.feature.size());
    trees.roots.push_back(root);
    const std::size_t nodes = split ? 3 : 1;
    trees.feature.insert(trees.feature.end(), nodes, -1);
    trees.threshold.insert(trees.threshold.end(), nodes, 0.5F);
    trees.left.insert(trees.left.end(), nodes, 0);
    if (!split) continue;
    trees.feature[trees.feature.size() - nodes] = 1;
    trees.left[trees.left.size() - nodes] = root + 1;
  }
  return trees;
}

TEST(LoaderMemory, IsAFewTimesTheTensorsForTreesOfOneNodeOrThree) {
  for (const bool split : {false, true}) {
    const std::string file = file_of(Model(example_model("trees").info(), make_tree_ensemble(stumps(20000, split))));
    EXPECT_LT(bytes_to_load(file), kForNumbers * file.size()) << (split ? "three nodes" : "one node");
  }
}

TEST(LoaderMemory, IsBoundedForEveryFileOfTheCorpus) {
  for (const auto& entry : std::filesystem::directory_iterator(PERFMODEL_FUZZ_CORPUS)) {
    const std::string file = read_file(entry.path().string());
    EXPECT_LT(bytes_to_load(file), kSmall + kForText * file.size()) << entry.path().filename();
  }
}

/// A header of `count` pieces of text, each after a comma.
std::string file_with(const std::string& opening, const std::function<std::string(int)>& piece, const std::string& end,
                      int count) {
  std::string header = opening;
  for (int i = 0; i < count; ++i) header += (i == 0 ? "" : ",") + piece(i);
  header += end;
  const std::uint64_t bytes = header.size();
  return std::string(reinterpret_cast<const char*>(&bytes), sizeof bytes) + header;
}

TEST(LoaderMemory, IsBoundedForTextThatNeverEnds) {
  constexpr int kPieces = 300000;
  const auto number = [](int) { return std::string("0"); };
  const auto empty = [](int) { return std::string("[]"); };
  const auto member = [](int i) { return "\"" + std::to_string(i) + "\":0"; };
  for (const std::string& file :
       {file_with("{\"a\":[", number, "]}", kPieces), file_with("{\"a\":[", empty, "]}", kPieces),
        file_with("{", member, "}", kPieces),
        file_with(R"({"__metadata__":{"model":"{)", [](int i) { return "\\\"" + std::to_string(i) + "\\\":0"; },
                  R"(}"}})", kPieces)}) {
    EXPECT_LT(bytes_to_load(file), kSmall + kForText * file.size()) << file.substr(8, 40);
    const std::string sealed = seal(file);
    EXPECT_LT(bytes_to_load(sealed), kSmall + kForText * sealed.size()) << file.substr(8, 40);
  }
}

#else

TEST(LoaderMemory, IsAFewTimesTheTensors) {
  GTEST_SKIP() << "allocations are seen with GCC, glibc and without sanitizers only";
}

#endif

}  // namespace
}  // namespace perfmodel
