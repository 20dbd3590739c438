#pragma once

#include <string>
#include <string_view>

#include "perfmodel/core/export.h"

namespace perfmodel {

/// An open file that decides what is done with the rights of this process, as a journal does. What was checked is what
/// is open: no link (a folder's aside) is followed, and nobody but root and this process's user may have written it.
class PERFMODEL_EXPORT TrustedFile {
 public:
  /// @param file    where it lies
  /// @param flags   of open(); a file that is made gets mode 0644
  /// @param action  a verb for messages, which name the file `path`
  /// @throws Error kNotFound, kNoSpace, kIo; kPermission, also when the file is a link, no plain file, one with several
  ///         names, another user's, or others may write to it; or when its folder is another user's, or everybody may
  ///         replace files in it.
  TrustedFile(const std::string& file, int flags, const std::string& action, const std::string& path);
  ~TrustedFile();
  TrustedFile(const TrustedFile&) = delete;
  TrustedFile& operator=(const TrustedFile&) = delete;

  bool is_empty() const;
  /// @throws Error kIo; kCorrupt: longer than kMaxFileBytes.
  std::string read_all() const;
  /// Returns when `text` is on the disk.
  /// @throws Error kNoSpace, kIo.
  void append_synced(std::string_view text) const;

 private:
  std::string action_, path_;
  int descriptor_ = -1;
};

}  // namespace perfmodel
