#pragma once

#include <cstddef>
#include <string>

namespace perfmodel::capi {

/// Gives `text` to a caller: see rule 4 of perfmodel_c.h.
/// @throws Error kInvalidArgument (NULL), kBufferTooSmall.
void copy_string(const std::string& text, char* buffer, std::size_t capacity, std::size_t* out_size);

}  // namespace perfmodel::capi
