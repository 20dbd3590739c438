#include "measure/command_script.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <sstream>
#include <string_view>

namespace perfmodel {
namespace {

constexpr const char* kBlanks = " \t\r\n";
/// What makes more than one command of a line, or another one than its first word.
constexpr const char* kOfTheShell = ";&|<>(){}`!#\n";
constexpr const char* kNotInNames = "=$'\"\\*?[~";

/// What POSIX shells do themselves: what of it comes to an end with 127 has its reasons elsewhere.
constexpr std::string_view kBuiltIn[] = {
    ".",      ":",     "alias", "bg",      "break",  "cd",    "command", "continue", "eval",     "exec",   "exit",
    "export", "fc",    "fg",    "getopts", "hash",   "jobs",  "local",   "read",     "readonly", "return", "set",
    "shift",  "times", "trap",  "type",    "ulimit", "umask", "unalias", "unset",    "wait"};

bool is_built_in(const std::string& name) {
  return std::find(std::begin(kBuiltIn), std::end(kBuiltIn), name) != std::end(kBuiltIn);
}

bool is_executable_file(const std::string& path) {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

/// Whether a program is found by that name, as the shell finds it. What is built into the shell alone is not.
bool is_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return is_executable_file(name);
  const char* folders = std::getenv("PATH");
  std::istringstream all(folders == nullptr ? "" : folders);
  for (std::string folder; std::getline(all, folder, ':');) {
    if (is_executable_file((folder.empty() ? "." : folder) + "/" + name)) return true;
  }
  return false;
}

std::string trimmed(const std::string& command) {
  const std::size_t begin = command.find_first_not_of(kBlanks);
  return begin == std::string::npos ? "" : command.substr(begin, command.find_last_not_of(kBlanks) + 1 - begin);
}

/// The first word, where that alone says what the shell is to run; else "".
std::string only_name(const std::string& trimmed) {
  const std::string name = trimmed.substr(0, trimmed.find_first_of(kBlanks));
  const bool is_single =
      trimmed.find_first_of(kOfTheShell) == std::string::npos && name.find_first_of(kNotInNames) == std::string::npos;
  return is_single ? name : "";
}

}  // namespace

std::string command_script(const std::string& command) {
  const std::string text = trimmed(command), name = only_name(text);
  if (text.empty()) return command;
  return (!name.empty() && is_program(name) ? "exec " : "") + text + " \"$@\"";
}

bool lacks_program(const std::string& command) {
  const std::string name = only_name(trimmed(command));
  return !name.empty() && !is_built_in(name) && !is_program(name);
}

}  // namespace perfmodel
