#include "perfmodel_c.h"

#include <cstring>

#include "guard.h"
#include "perfmodel/core/build_info.h"

namespace {

using perfmodel::ErrorCode;
using perfmodel::capi::guard;
using perfmodel::capi::require;

constexpr std::int32_t version_number(std::int32_t major, std::int32_t minor, std::int32_t patch) {
  return 10000 * major + 100 * minor + patch;
}

constexpr std::int32_t kHeaderVersion =
    version_number(PERFMODEL_C_API_VERSION_MAJOR, PERFMODEL_C_API_VERSION_MINOR, PERFMODEL_C_API_VERSION_PATCH);
static_assert(kHeaderVersion == version_number(PERFMODEL_C_API_VERSION_NUMBERS),
              "perfmodel_c.h and the root CMakeLists.txt must give the same version of the C API");

constexpr bool same(std::int32_t status, ErrorCode code) {
  return status == static_cast<std::int32_t>(code);
}
static_assert(
    same(PERFMODEL_OK, ErrorCode::kOk) && same(PERFMODEL_ERROR_INVALID_ARGUMENT, ErrorCode::kInvalidArgument) &&
    same(PERFMODEL_ERROR_UNSUPPORTED, ErrorCode::kUnsupported) &&
    same(PERFMODEL_ERROR_NOT_FOUND, ErrorCode::kNotFound) && same(PERFMODEL_ERROR_IO, ErrorCode::kIo) &&
    same(PERFMODEL_ERROR_PARSE, ErrorCode::kParse) && same(PERFMODEL_ERROR_CORRUPT, ErrorCode::kCorrupt) &&
    same(PERFMODEL_ERROR_VERSION, ErrorCode::kVersion) &&
    same(PERFMODEL_ERROR_BUFFER_TOO_SMALL, ErrorCode::kBufferTooSmall) &&
    same(PERFMODEL_ERROR_BUSY, ErrorCode::kBusy) && same(PERFMODEL_ERROR_PERMISSION, ErrorCode::kPermission) &&
    same(PERFMODEL_ERROR_MISMATCH, ErrorCode::kMismatch) && same(PERFMODEL_ERROR_NO_SPACE, ErrorCode::kNoSpace) &&
    same(PERFMODEL_ERROR_OUT_OF_MEMORY, ErrorCode::kOutOfMemory) &&
    same(PERFMODEL_ERROR_CANCELLED, ErrorCode::kCancelled) && same(PERFMODEL_ERROR_TIMEOUT, ErrorCode::kTimeout) &&
    same(PERFMODEL_ERROR_INTERNAL, ErrorCode::kInternal));

/// Of fixed size, so that an error can be told when no memory is left. A longer text is cut, at a character.
constexpr std::size_t kMaxErrorBytes = 2048;
thread_local char last_error[kMaxErrorBytes] = "";

}  // namespace

perfmodel_status perfmodel_shim_report(perfmodel_status status, const char* message) noexcept {
  std::size_t size = strnlen(message, kMaxErrorBytes);
  if (size == kMaxErrorBytes) {
    --size;
    while (size > 0 && (static_cast<unsigned char>(message[size]) & 0xC0) == 0x80) --size;  // inside a UTF-8 character
  }
  std::memmove(last_error, message, size);
  last_error[size] = '\0';
  return status;
}

const char* perfmodel_version(void) noexcept {
  return perfmodel::version();
}

std::int32_t perfmodel_c_api_version(void) noexcept {
  return kHeaderVersion;
}

perfmodel_status perfmodel_has_feature(const char* name, std::int32_t* out_has_feature) noexcept {
  return guard([&] {
    require(name != nullptr && out_has_feature != nullptr, "name or out_has_feature is NULL");
    *out_has_feature = perfmodel::has_feature(name) ? 1 : 0;
  });
}

const char* perfmodel_status_name(perfmodel_status status) noexcept {
  return perfmodel::error_code_name(static_cast<ErrorCode>(status));
}

const char* perfmodel_last_error(void) noexcept {
  return last_error;
}
