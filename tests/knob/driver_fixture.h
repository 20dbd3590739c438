#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "knob/fake_clock.h"
#include "knob/fake_kernel.h"
#include "knob/faulty_file_system.h"
#include "knob/knob_machine.h"
#include "knob/test_board.h"
#include "temporary_folder.h"

namespace perfmodel {

/// A driver of test_board() on files in memory. Of the disk only the lock is real.
class DriverFixture : public ::testing::Test {
 protected:
  DriverFixture() { add_kernel_rules(*kernel_); }

  KnobMachine machine() {
    KnobMachine machine;
    machine.files = machine.journal_files = std::make_shared<FaultyFileSystem>(kernel_, hook_);
    machine.journal_path = journal_;
    machine.clock = clock_;
    machine.is_privileged = true;
    return machine;
  }
  KnobDriver driver(KnobDriverOptions options = {}) {
    return make_knob_driver(test_board(), std::move(options), machine());
  }

  /// The files as they were, without a journal.
  void expect_original() const { EXPECT_EQ(kernel_->nodes, test_tree()); }

  std::string text(const std::string& path) const { return kernel_->nodes.at(path); }

  const TemporaryFolder folder_{quick_folder()};
  const std::string journal_ = folder_.file("knobs.journal");
  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>();
  std::shared_ptr<FakeKernel> kernel_ = std::make_shared<FakeKernel>(test_tree(), clock_);
  std::shared_ptr<FileHook> hook_ = std::make_shared<FileHook>();
};

/// "/sys/devices/...", shortened: for comparing lists of writes.
inline std::string in(const char* folder, const char* name) {
  return std::string(folder) + "/" + name;
}

}  // namespace perfmodel
