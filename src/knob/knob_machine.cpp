#include "knob/knob_machine.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "core/crc32c.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr double kLongestSettle_s = 3600;
constexpr const char* kDefaultJournal = "/var/lib/perfmodel/knobs.journal";
constexpr const char* kDefaultLock = "/var/lib/perfmodel/knobs";
constexpr const char* kBootIdFile = "/proc/sys/kernel/random/boot_id";

std::string absolute_path(const std::string& path) {
  return std::filesystem::absolute(path).lexically_normal().string();
}

std::string journal_path_of(const KnobDriverOptions& options) {
  return absolute_path(options.journal_path.empty() ? options.root + kDefaultJournal : options.journal_path);
}

/// For users who may not write to the folders of the machine: one lock for each of them and each root.
std::string user_lock_path_of(const std::string& root) {
  const char* const own_folder = std::getenv("XDG_RUNTIME_DIR");
  const bool has_own = own_folder != nullptr && own_folder[0] == '/';
  std::error_code error;
  const std::string machine = std::filesystem::weakly_canonical(absolute_path(root), error).string();
  return fmt::format("{}/perfmodel-knobs-{}-{:08x}", has_own ? own_folder : "/tmp", ::geteuid(),
                     crc32c(machine.data(), machine.size()));
}

}  // namespace

KnobMachine knob_machine(const KnobDriverOptions& options) {
  if (!(options.max_settle_s >= 0 && options.max_settle_s <= kLongestSettle_s)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("max_settle_s is {}, allowed are 0 to {} seconds", options.max_settle_s, kLongestSettle_s));
  }
  KnobMachine machine;
  machine.files = rooted_file_system(options.root);
  machine.journal_files = rooted_file_system("/");
  machine.journal_path = journal_path_of(options);
  machine.lock_path = absolute_path(options.root + kDefaultLock);
  machine.user_lock_path = user_lock_path_of(options.root);
  machine.open_nvml = [library = options.nvml_library] { return open_nvml(library); };
  machine.clock = options.clock ? options.clock : system_clock();
  machine.is_privileged = ::geteuid() == 0;
  return machine;
}

std::string boot_id(FileSystem& files) {
  try {
    return files.read(kBootIdFile);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kNotFound) return "unknown";
    throw;
  }
}

}  // namespace perfmodel
