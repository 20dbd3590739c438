#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "board/board_table.h"
#include "config/option_text.h"
#include "perfmodel/core/error.h"
#include "perfmodel/knob/board.h"
#include "sysfs/file_system.h"

namespace perfmodel {
namespace {

struct Answer {
  bool fits = false;
  std::string reason;
};

std::string quoted(const std::string& text) {
  return fmt::format("'{}'", shown_text(text));
}

Answer ask(const DetectRule& rule, FileSystem& files) {
  std::string text;
  try {
    if (!files.exists(rule.file)) return {false, fmt::format("{} is not there", rule.file)};
    if (rule.contains.empty() && rule.equals.empty()) return {true, fmt::format("{} is there", rule.file)};
    text = files.read(rule.file);
  } catch (const Error& error) {
    return {false, error.what()};
  }
  if (!rule.equals.empty()) {
    if (text == rule.equals) return {true, fmt::format("{} is {}", rule.file, quoted(rule.equals))};
    return {false, fmt::format("{} is {}, not {}", rule.file, quoted(text), quoted(rule.equals))};
  }
  if (text.find(rule.contains) != std::string::npos) {
    return {true, fmt::format("{} says {}", rule.file, quoted(rule.contains))};
  }
  return {false, fmt::format("{} is {}, without {}", rule.file, quoted(text), quoted(rule.contains))};
}

BoardDetection detect(const BoardTable& board, FileSystem& files) {
  std::vector<std::string> reasons;
  for (const DetectRule& rule : board.detect_any) {
    Answer answer = ask(rule, files);
    if (answer.fits) return {board.name, true, std::move(answer.reason)};
    reasons.push_back(std::move(answer.reason));
  }
  return {board.name, false, fmt::format("{}", fmt::join(reasons, "; "))};
}

/// Those that can be recognised, the more specific ones first.
std::vector<Board> candidates() {
  std::vector<Board> boards;
  for (const std::string& name : built_in_board_names()) {
    Board board = built_in_board(name);
    if (!board.table().detect_any.empty()) boards.push_back(std::move(board));
  }
  std::stable_sort(boards.begin(), boards.end(), [](const Board& left, const Board& right) {
    return left.table().specificity > right.table().specificity;
  });
  return boards;
}

}  // namespace

std::vector<BoardDetection> detect_boards(const std::string& root) {
  const std::shared_ptr<FileSystem> files = rooted_file_system(root);
  std::vector<BoardDetection> detections;
  for (const Board& board : candidates()) detections.push_back(detect(board.table(), *files));
  return detections;
}

Board detect_board(const std::string& root) {
  std::vector<std::string> reasons;
  for (const BoardDetection& detection : detect_boards(root)) {
    if (detection.fits) return built_in_board(detection.name);
    reasons.push_back(fmt::format("{}: {}", detection.name, detection.reason));
  }
  throw Error(ErrorCode::kUnsupported,
              fmt::format("no board that is known is at hand ({})", fmt::join(reasons, " | ")));
}

}  // namespace perfmodel
