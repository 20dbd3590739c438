#include "sysfs/synced_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/file.h"

namespace perfmodel {

void make_folder_synced(const std::string& folder) {
  if (folder.empty() || folder == "/" || ::access(folder.c_str(), F_OK) == 0) return;
  const std::size_t end = folder.find_last_not_of('/');
  const std::size_t slash = folder.rfind('/', end);
  const std::string parent = slash == std::string::npos ? "." : folder.substr(0, slash + 1);
  if (parent != ".") make_folder_synced(parent);
  if (::mkdir(folder.c_str(), 0755) != 0) {
    if (errno == EEXIST) return;
    throw_errno("make", folder, errno);
  }
  sync_folder(parent);
}

void sync_folder(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw_errno("sync", folder, errno);
  const int error_number = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  // Some file systems cannot sync a folder and say EINVAL.
  if (error_number != 0 && error_number != EINVAL) throw_errno("sync", folder, error_number);
}

}  // namespace perfmodel
