// Board tables as JSON: what is read is written and read again as the same board, and names no path that leaves the
// root.

#include "board/board_table.h"
#include "fuzz_target.h"
#include "perfmodel/knob/board.h"
#include "sysfs/path_pattern.h"

namespace {

using namespace perfmodel;

void require_inside(const std::string& path) {
  if (!path.empty()) require_plain_path(path[0] == '/' ? path : "/" + path);
}

/// That a program may write to, or is told to look into.
void require_paths_inside(const KnobTable& knob) {
  for (const std::string& folder : knob.folders) require_plain_path(folder);
  for (const KnobWrite& write : knob.writes) require_inside(write.file);
  for (const Precondition& condition : knob.before) {
    for (const std::string& file : condition.files) require_inside(file);
  }
  for (const std::string* path :
       {&knob.minimum_file, &knob.maximum_file, &knob.read_file, &knob.effective_file, &knob.core_file,
        &knob.active_file, &knob.levels.file, &knob.levels.minimum_file, &knob.levels.maximum_file}) {
    require_inside(*path);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  expect_answer_or_error([&] {
    const Board board = Board::from_json(std::string(text_of(data, size)));
    try {
      for (const KnobTable& knob : board.table().knobs) require_paths_inside(knob);
    } catch (const Error& error) {
      require(false, error.what());
    }
    const std::string text = board.to_json();
    std::string again;
    try {
      again = Board::from_json(text).to_json();
    } catch (const Error& error) {
      again = error.what();
    }
    require(again == text, "written as\n" + text + "and read again as\n" + again);
  });
  return 0;
}
