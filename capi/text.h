#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace perfmodel::capi {

/// Gives `text` to a caller: see rule 4 of perfmodel_c.h.
/// @throws Error kInvalidArgument (NULL), kBufferTooSmall.
void copy_string(const std::string& text, char* buffer, std::size_t capacity, std::size_t* out_size);

/// The names that a caller's array holds. `what`: the array's name, for messages.
/// @throws Error kInvalidArgument: NULL, as a whole or one of them.
std::vector<std::string> names_from_c(const char* const* names, std::size_t num_names, const char* what);

}  // namespace perfmodel::capi
