#include "measure/command_script.h"

#include <unistd.h>

#include <cstdlib>
#include <sstream>

namespace perfmodel {
namespace {

constexpr const char* kBlanks = " \t\r\n";
/// What makes more than one command of a line, or another one than its first word.
constexpr const char* kOfTheShell = ";&|<>(){}`!#\n";
constexpr const char* kNotInNames = "=$'\"\\*?[~";

bool is_executable_file(const std::string& path) {
  return access(path.c_str(), X_OK) == 0;
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

}  // namespace

std::string command_script(const std::string& command) {
  const std::size_t begin = command.find_first_not_of(kBlanks);
  if (begin == std::string::npos) return command;
  const std::string trimmed = command.substr(begin, command.find_last_not_of(kBlanks) + 1 - begin);
  const std::string name = trimmed.substr(0, trimmed.find_first_of(kBlanks));
  const bool is_single = trimmed.find_first_of(kOfTheShell) == std::string::npos &&
                         name.find_first_of(kNotInNames) == std::string::npos && is_program(name);
  return (is_single ? "exec " : "") + trimmed + " \"$@\"";
}

}  // namespace perfmodel
