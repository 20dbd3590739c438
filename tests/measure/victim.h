#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <vector>

/// A process that a test kills, and what it acknowledged before on its standard output.
class Victim {
 public:
  /// @param argument  the one it is given
  Victim(const std::string& program, const std::string& argument) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      ::execl(program.c_str(), program.c_str(), argument.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    read_end_ = ends[0];
  }
  ~Victim() { ::close(read_end_); }
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;

  /// Whether `sig` was what ended it.
  bool kill_and_wait(int sig) {
    ::kill(pid_, sig);
    const int status = wait();
    return WIFSIGNALED(status) && WTERMSIG(status) == sig;
  }
  int wait() {
    // A pipe holds 64 kB, more than all acknowledgements together, so reading can wait until the end.
    int status = 0;
    ::waitpid(pid_, &status, 0);
    return status;
  }
  /// REQUIRES: it has ended.
  template <typename Acknowledgement>
  std::vector<Acknowledgement> acknowledged() {
    std::vector<Acknowledgement> all;
    Acknowledgement one;
    while (::read(read_end_, &one, sizeof one) == static_cast<ssize_t>(sizeof one)) all.push_back(one);
    return all;
  }

 private:
  pid_t pid_ = -1;
  int read_end_ = -1;
};
