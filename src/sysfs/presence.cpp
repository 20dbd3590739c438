#include "sysfs/presence.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "perfmodel/core/error.h"

namespace perfmodel {

void require_absent(const std::string& path, int error_number) {
  if (error_number == ENOENT || error_number == ENOTDIR) return;
  const bool is_forbidden = error_number == EACCES || error_number == EPERM;
  throw Error(is_forbidden ? ErrorCode::kPermission : ErrorCode::kIo,
              fmt::format("'{}' may not be looked for: {}", path, std::generic_category().message(error_number)));
}

bool is_there(const std::string& file, const std::string& path) {
  if (::faccessat(AT_FDCWD, file.c_str(), F_OK, AT_EACCESS) == 0) return true;
  require_absent(path, errno);
  return false;
}

}  // namespace perfmodel
