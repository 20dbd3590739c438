#include <gmock/gmock.h>

#include <algorithm>

#include "knob/driver_fixture.h"

namespace perfmodel {
namespace {

/// How an operation fails once.
struct Fault {
  const char* name;
  ErrorCode code;
  bool writes_half;
};
constexpr Fault kFaults[] = {{"EACCES", ErrorCode::kPermission, false},
                             {"EIO", ErrorCode::kIo, false},
                             {"EBUSY", ErrorCode::kBusy, false},
                             {"ENOENT", ErrorCode::kNotFound, false},
                             {"EINVAL", ErrorCode::kInvalidArgument, false},
                             {"short write", ErrorCode::kIo, true}};

void strike(const Fault& fault, const FileOperation& operation) {
  using Kind = FileOperation::Kind;
  const std::string half = operation.text.substr(0, operation.text.size() / 2);
  if (fault.writes_half && operation.kind == Kind::kWrite) operation.files->write(operation.path, half);
  if (fault.writes_half && operation.kind == Kind::kAppend) operation.files->append_synced(operation.path, half);
  throw Error(fault.code, "injected: '" + operation.path + "'");
}

class EveryOperation : public DriverFixture, public ::testing::WithParamInterface<Fault> {
 protected:
  /// The machine as at the start, with an operation that will fail.
  void start(int failing_operation) {
    kernel_->nodes = test_tree();
    if (GetParam().writes_half) kernel_->ranges.clear();  // half a number may lie outside its range
    fail_at(failing_operation);
  }
  void fail_at(int failing_operation) {
    hook_->num_operations = 0;
    has_struck_ = false;
    hook_->before = [this, failing_operation](const FileOperation& operation) {
      if (operation.number != failing_operation) return;
      has_struck_ = true;
      strike(GetParam(), operation);
    };
  }
  /// Sets all knobs in two goes, so that both the first write of a file and a later one are among the operations.
  static std::string set_all(KnobDriver& knobs) {
    try {
      knobs.set(all_changed());
      knobs.set({{"num_cores", 1}, {"gpu_freq_hz", 1300500000}});
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  }
  int num_operations_of_a_set() {
    start(-1);
    KnobDriver knobs = driver();
    EXPECT_EQ(set_all(knobs), "");
    return hook_->num_operations;
  }

  bool has_struck_ = false;
};

TEST_P(EveryOperation, OfASetMayFailAndAllIsRestored) {
  const int num_operations = num_operations_of_a_set();
  EXPECT_GT(num_operations, 100);
  int num_failed_sets = 0;
  for (int i = 0; i < num_operations; ++i) {
    SCOPED_TRACE(i);
    start(i);
    KnobDriver knobs = driver();
    const std::string failure = set_all(knobs);
    EXPECT_TRUE(has_struck_);
    if (!failure.empty()) {
      ++num_failed_sets;
      EXPECT_TRUE(failure.find("knob '") != std::string::npos || failure.find("journal'") != std::string::npos ||
                  failure.find("boot_id'") != std::string::npos)
          << failure;
    }
    hook_->before = nullptr;
    const RestoreReport report = knobs.restore();
    EXPECT_TRUE(report.complete());
    expect_original();
  }
  EXPECT_GT(num_failed_sets, num_operations / 3);
}

TEST_P(EveryOperation, OfASetMayFailAndTheJournalRestoresAll) {
  const int num_operations = num_operations_of_a_set();
  for (int i = 0; i < num_operations; ++i) {
    SCOPED_TRACE(i);
    start(i);
    {
      KnobDriver knobs = driver();
      set_all(knobs);
    }
    hook_->before = nullptr;
    EXPECT_TRUE(restore_journal(machine(), 1).complete());
    expect_original();
  }
}

TEST_P(EveryOperation, OfARestoreMayFailAndTheRestIsRestored) {
  start(-1);
  int num_operations = 0;
  {
    KnobDriver knobs = driver();
    set_all(knobs);
    hook_->num_operations = 0;
    EXPECT_TRUE(knobs.restore().complete());
    num_operations = hook_->num_operations;
  }
  EXPECT_GT(num_operations, 40);
  for (int i = 0; i < num_operations; ++i) {
    SCOPED_TRACE(i);
    start(-1);
    KnobDriver knobs = driver();
    set_all(knobs);
    fail_at(i);
    const RestoreReport report = knobs.restore();
    EXPECT_TRUE(has_struck_);
    // What is written is tried twice, so that the one thing left is the journal, which cannot be removed.
    FakeKernel::Nodes but_journal = kernel_->nodes;
    but_journal.erase(journal_);
    EXPECT_EQ(but_journal, test_tree());
    if (!report.complete()) {
      ASSERT_EQ(report.failures.size(), 1u);
      EXPECT_EQ(report.failures[0].what, journal_);
      EXPECT_THAT(report.failures[0].reason, ::testing::HasSubstr("injected"));
    }
    EXPECT_TRUE(knobs.restore().complete());
    expect_original();
  }
}

INSTANTIATE_TEST_SUITE_P(Fails, EveryOperation, ::testing::ValuesIn(kFaults), [](const auto& instance) {
  std::string name = instance.param.name;
  name.erase(std::remove(name.begin(), name.end(), ' '), name.end());
  return name;
});

/// A file that can be written no more, ever.
class EveryFile : public DriverFixture {};

TEST_F(EveryFile, MayFailForGoodAndTheRestIsRestored) {
  std::vector<std::string> files;
  {
    KnobDriver knobs = driver();
    knobs.set(all_changed());
    for (const auto& write : kernel_->writes) files.push_back(write.first);
    knobs.restore();
  }
  for (const std::string& file : files) {
    SCOPED_TRACE(file);
    KnobDriver knobs = driver();
    knobs.set(all_changed());
    const std::string left = text(file);
    kernel_->busy = {file};
    const RestoreReport report = knobs.restore();
    ASSERT_EQ(report.failures.size(), 1u);
    EXPECT_EQ(report.failures[0].what, file);
    EXPECT_THAT(report.failures[0].reason, ::testing::HasSubstr("Device or resource busy"));
    EXPECT_EQ(report.num_restored, files.size() - 1);
    FakeKernel::Nodes nodes = kernel_->nodes;
    nodes.erase(journal_);
    nodes[file] = test_tree().at(file);
    EXPECT_EQ(nodes, test_tree());
    EXPECT_EQ(text(file), left);
    EXPECT_TRUE(knobs.changed());
    kernel_->busy.clear();
    const RestoreReport again = knobs.restore();
    EXPECT_TRUE(again.complete());
    EXPECT_EQ(again.num_restored, 1u);
    EXPECT_EQ(again.num_unchanged, files.size() - 1);
    expect_original();
  }
}

}  // namespace
}  // namespace perfmodel
