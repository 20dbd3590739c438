#pragma once

#include <memory>
#include <string>
#include <vector>

#include "perfmodel/core/export.h"

namespace perfmodel {

struct BoardTable;

/// What is known of a kind of machine: its knobs (which files or NVML calls set and tell an option, in which order, in
/// which unit), its power rails and thermometers, and how to recognise it. Data, as JSON (docs/formats-board.md);
/// nothing is touched before a KnobDriver or a PowerMeter opens it. Immutable, cheap to copy (shared).
class PERFMODEL_EXPORT Board {
 public:
  /// @param name  stands for the text in messages
  /// @throws Error kParse: not JSON, unknown or missing keys, wrong types; kInvalidArgument: a name twice, a path that
  ///         is not absolute or leaves the root (".."), levels out of order, a unit that is none; kVersion. Says where.
  static Board from_json(const std::string& text, const std::string& name = "board table");
  /// @throws Error also kNotFound, kPermission, kIo.
  static Board read(const std::string& path);
  std::string to_json() const;  ///< reads as an equal board

  const std::string& name() const noexcept;   ///< e.g. "jetson_tx2"
  const std::string& title() const noexcept;  ///< for people
  /// Whether somebody has run this table on the hardware it describes. Without that, lists say "untested on hardware".
  bool tested_on_hardware() const noexcept;
  bool simulated() const noexcept;
  std::vector<std::string> knob_names() const;  ///< in the order in which they are written

  const BoardTable& table() const noexcept;  ///< for the components of this library

 private:
  explicit Board(std::shared_ptr<const BoardTable> table);
  std::shared_ptr<const BoardTable> table_;
};

/// Boards that come with the library: "linux", "process", "nvidia", "jetson_tx1", ..., "simulated_jetson".
PERFMODEL_EXPORT std::vector<std::string> built_in_board_names();
/// @throws Error kNotFound; lists the names there are.
PERFMODEL_EXPORT Board built_in_board(const std::string& name);

/// Whether a board is the one at hand, and what told.
struct BoardDetection {
  std::string name;
  bool fits = false;
  std::string reason;  ///< e.g. "/proc/device-tree/model is not there"
};

/// Asks every built-in board that can be recognised, the more specific ones first.
/// @param root  folder that stands for "/"
PERFMODEL_EXPORT std::vector<BoardDetection> detect_boards(const std::string& root = "/");
/// The first that fits.
/// @throws Error kUnsupported: none does; gives the reason of each.
PERFMODEL_EXPORT Board detect_board(const std::string& root = "/");

}  // namespace perfmodel
