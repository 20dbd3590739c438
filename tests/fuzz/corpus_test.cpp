// Gives a fuzz target its corpus, and copies of it that are changed from a seed: what libFuzzer does for longer and
// with more guile, in every build.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "change.h"
#include "core/file.h"
#include "fuzz_target.h"

namespace perfmodel {
namespace {

constexpr int kChanges = PERFMODEL_FUZZ_CHANGES;

struct Input {
  std::string name, text;
};

std::vector<Input> read_corpus() {
  std::vector<Input> corpus;
  for (const auto& entry : std::filesystem::directory_iterator(PERFMODEL_FUZZ_CORPUS)) {
    corpus.push_back({entry.path().filename().string(), read_file(entry.path().string())});
  }
  std::sort(corpus.begin(), corpus.end(), [](const Input& a, const Input& b) { return a.name < b.name; });
  return corpus;
}

/// @param number  of the change; 0: none
void run(const Input& input, int number) {
  const std::vector<std::uint8_t> bytes(input.text.begin(), input.text.end());  // no room after it: sanitizers see that
  try {
    EXPECT_EQ(LLVMFuzzerTestOneInput(bytes.data(), bytes.size()), 0);
  } catch (const std::exception& error) {
    const std::string path = testing::TempDir() + "fuzz_failure_" + std::to_string(number) + "_" + input.name;
    write_file_atomically(path, input.text);
    ADD_FAILURE() << path << ": " << error.what();
  }
}

TEST(FuzzCorpus, IsReadOrRefused) {
  const std::vector<Input> corpus = read_corpus();
  ASSERT_FALSE(corpus.empty());
  for (const Input& input : corpus) run(input, 0);
  run({"nothing", ""}, 0);
}

TEST(FuzzCorpus, IsReadOrRefusedWhenItIsChanged) {
  const std::vector<Input> corpus = read_corpus();
  Random random(1);
  for (int number = 1; number <= kChanges && !HasFailure(); ++number) {
    const Input& input = corpus[static_cast<std::size_t>(number) % corpus.size()];
    const auto other = random.integer(0, static_cast<std::int64_t>(corpus.size()) - 1);
    run({input.name, change(input.text, corpus[static_cast<std::size_t>(other)].text, random)}, number);
  }
}

}  // namespace
}  // namespace perfmodel
