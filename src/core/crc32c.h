#pragma once

#include <cstddef>
#include <cstdint>

#include "perfmodel/core/export.h"

namespace perfmodel {

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `size` bytes, going on from `previous`.
PERFMODEL_EXPORT std::uint32_t crc32c(const void* data, std::size_t size, std::uint32_t previous = 0) noexcept;

}  // namespace perfmodel
