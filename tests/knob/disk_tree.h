#pragma once

#include <string>

#include "knob/test_board.h"
#include "perfmodel/knob/knob_driver.h"
#include "temporary_folder.h"

namespace perfmodel {

/// The files of test_board() on the disk, for tests in which processes die.
class DiskTree {
 public:
  DiskTree();

  std::string root() const { return folder_.file("root"); }
  KnobDriverOptions options() const;
  bool has_journal() const;
  /// All files below the root with their texts: nothing is left out, nothing added.
  std::map<std::string, std::string> files() const;

 private:
  const TemporaryFolder folder_{quick_folder()};
};

}  // namespace perfmodel
