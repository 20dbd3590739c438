#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "processes.h"

namespace perfmodel {

/// A program on a terminal of its own, at whose keyboard the test sits.
class OnTerminal {
 public:
  OnTerminal(const std::string& program, const std::vector<std::string>& arguments) {
    keyboard_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    ::grantpt(keyboard_);
    ::unlockpt(keyboard_);
    const std::string terminal = ::ptsname(keyboard_);
    process_ = ::fork();
    if (process_ != 0) return;
    ::setsid();
    const int descriptor = ::open(terminal.c_str(), O_RDWR);  // now that of the session
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(descriptor, standard);
    ::signal(SIGINT, SIG_DFL);
    std::vector<char*> argv = {const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    ::execv(program.c_str(), argv.data());
    ::_exit(127);
  }
  ~OnTerminal() { ::close(keyboard_); }
  OnTerminal(const OnTerminal&) = delete;
  OnTerminal& operator=(const OnTerminal&) = delete;

  void type(const std::string& keys) const {
    ASSERT_EQ(::write(keyboard_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }
  /// Whether that comes to stand on the terminal; else the program has ended.
  bool shows(const std::string& words) {
    char text[256];
    while (screen_.find(words) == std::string::npos) {
      const ssize_t size = ::read(keyboard_, text, sizeof text);
      if (size <= 0) return false;
      screen_.append(text, static_cast<std::size_t>(size));
    }
    return true;
  }
  int wait() const {
    int status = 0;
    ::waitpid(process_, &status, 0);
    return status;
  }

 private:
  int keyboard_ = -1;
  pid_t process_ = -1;
  std::string screen_;
};

}  // namespace perfmodel
