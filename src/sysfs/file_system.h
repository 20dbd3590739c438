#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "perfmodel/core/export.h"

namespace perfmodel {

/// The few things that drivers and meters do with files of the kernel, so that tests can stand in for them. Paths are
/// absolute and mean files under a root. Errors are of these codes and name the path as given.
class PERFMODEL_EXPORT FileSystem {
 public:
  virtual ~FileSystem();

  /// The text of a small file, without blanks and line ends at its end (files of sysfs end with one).
  /// @throws Error kNotFound, kPermission, kBusy, kIo; kCorrupt: more than 64 KiB.
  virtual std::string read(const std::string& path) = 0;
  /// One write() of the whole text to a file that exists, as sysfs wants it. A process that is killed meanwhile leaves
  /// the old text or the new one, also in a plain file.
  /// @throws Error kNotFound, kPermission, kBusy (EBUSY, EAGAIN), kInvalidArgument (EINVAL: the kernel refuses the
  ///         value), kIo (a short write included).
  virtual void write(const std::string& path, std::string_view text) = 0;
  /// @throws Error kPermission, kIo: nobody knows, as a folder on the way may not be entered or does not answer. "May
  ///         not be looked for" is another thing than "not there".
  virtual bool exists(const std::string& path) = 0;
  /// Whether this process may write to it; opens nothing. One that its mode lets nobody write to is not, for root
  /// neither.
  virtual bool is_writable(const std::string& path) = 0;
  /// Existing paths that match a pattern with '*' (within one part of a path), numbers in their order ("cpu2" before
  /// "cpu10"). A pattern without '*': itself, if it exists.
  /// @throws Error kPermission, kIo as exists(), of any part of what the pattern asks for.
  virtual std::vector<std::string> match(const std::string& pattern) = 0;

  /// For journals: all of a file of any length, as it is. This and the next follow no link, and take no file that
  /// others may write or replace (kPermission, TrustedFile).
  virtual std::string read_all(const std::string& path);
  /// For journals: adds `text` at the end of a file, creating it and its folders, and returns when it is on the disk;
  /// the folder's entry, too.
  virtual void append_synced(const std::string& path, std::string_view text) = 0;
  /// Removes a file; the folder is synced. Not there: nothing to do.
  virtual void remove_synced(const std::string& path) = 0;
};

/// The files of this machine under `root`. Paths with ".." are refused (kInvalidArgument), and so are symbolic links
/// that lead out of a root other than "/" (kPermission).
PERFMODEL_EXPORT std::shared_ptr<FileSystem> rooted_file_system(const std::string& root);

}  // namespace perfmodel
