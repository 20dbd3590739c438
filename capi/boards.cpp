#include <fmt/format.h>

#include "guard.h"
#include "measure_handles.h"
#include "text.h"

namespace capi = perfmodel::capi;

perfmodel_status perfmodel_num_boards(std::size_t* out_num_boards) noexcept {
  return capi::guard([&] {
    capi::require(out_num_boards != nullptr, "out_num_boards is NULL");
    *out_num_boards = perfmodel::built_in_board_names().size();
  });
}

perfmodel_status perfmodel_board_name(std::size_t board_index, char* buffer, std::size_t capacity,
                                      std::size_t* out_size) noexcept {
  return capi::guard([&] {
    const std::vector<std::string> names = perfmodel::built_in_board_names();
    if (board_index >= names.size()) {
      throw perfmodel::Error(perfmodel::ErrorCode::kInvalidArgument,
                             fmt::format("board_index is {}, there are {} boards", board_index, names.size()));
    }
    capi::copy_string(names[board_index], buffer, capacity, out_size);
  });
}

perfmodel_status perfmodel_board_detect(const char* root, char* buffer, std::size_t capacity,
                                        std::size_t* out_size) noexcept {
  return capi::guard([&] {
    capi::copy_string(perfmodel::detect_board(root == nullptr ? "/" : root).name(), buffer, capacity, out_size);
  });
}

perfmodel_status perfmodel_board_table(const char* name, char* buffer, std::size_t capacity,
                                       std::size_t* out_size) noexcept {
  return capi::guard([&] {
    capi::require(name != nullptr, "name is NULL");
    capi::copy_string(perfmodel::built_in_board(name).to_json(), buffer, capacity, out_size);
  });
}
