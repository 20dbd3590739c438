#pragma once

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <system_error>

/// How many processes of a group run: zombies, which whoever inherits them may be slow to bury, do not.
/// @param program  count those that are this program by now; "": all
inline int num_running_in_group(pid_t group, const std::string& program = "") {
  int count = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error)) {
    const std::string number = it->path().filename().string();
    if (number.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(it->path() / "stat");
    std::string text;
    std::getline(file, text);
    // "812 (sh) S 1 812 ...": program, state, parent, group
    const std::size_t begin = text.find('('), close = text.rfind(')');
    if (close == std::string::npos) continue;
    char state = 0;
    int parent = 0, its_group = 0;
    if (std::sscanf(text.c_str() + close + 1, " %c %d %d", &state, &parent, &its_group) != 3) continue;
    const bool is_counted = program.empty() || text.substr(begin + 1, close - begin - 1) == program;
    count += its_group == group && state != 'Z' && state != 'X' && is_counted ? 1 : 0;
  }
  return count;
}

/// As /proc tells it: 'R', 'S', 'T' (stopped), ...; 0: there is no such process.
inline char process_state(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(file, text);
  const std::size_t close = text.rfind(')');
  return close == std::string::npos || close + 2 >= text.size() ? '\0' : text[close + 2];
}

/// Whether something comes true within two minutes: as long as the busiest machine needs to start a program.
inline bool comes_true(const std::function<bool()>& holds) {
  constexpr int kTries = 12000;
  constexpr useconds_t kPause_us = 10000;
  for (int tries = 0; tries < kTries; ++tries) {
    if (holds()) return true;
    ::usleep(kPause_us);
  }
  return false;
}

/// What a command of a shell's is to begin with so that group_in(path) tells its process group.
inline std::string tell_group_in(const std::string& path) {
  return "cut -d ' ' -f 5 /proc/$$/stat > " + path + ".new; mv " + path + ".new " + path + "; ";
}

/// 0: none is told yet.
inline pid_t group_in(const std::string& path) {
  pid_t group = 0;
  std::ifstream(path) >> group;
  return group;
}
