#include "knob/knob_machine.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr double kLongestSettle_s = 3600;
constexpr const char* kDefaultJournal = "/var/lib/perfmodel/knobs.journal";
constexpr const char* kBootIdFile = "/proc/sys/kernel/random/boot_id";

std::string journal_path_of(const KnobDriverOptions& options) {
  const std::string path = options.journal_path.empty() ? options.root + kDefaultJournal : options.journal_path;
  return std::filesystem::absolute(path).lexically_normal().string();
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
