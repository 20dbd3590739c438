#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace perfmodel {

/// A terminal, at whose keyboard the test sits.
class Keyboard {
 public:
  Keyboard() {
    ::grantpt(descriptor_);
    ::unlockpt(descriptor_);
  }
  ~Keyboard() { ::close(descriptor_); }
  Keyboard(const Keyboard&) = delete;
  Keyboard& operator=(const Keyboard&) = delete;

  /// In a new process: makes it the terminal of a session of its own, and its standard input and output.
  void begin_session() const {
    ::setsid();
    const int terminal = ::open(::ptsname(descriptor_), O_RDWR);
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(terminal, standard);
    if (terminal > STDERR_FILENO) ::close(terminal);
    ::signal(SIGINT, SIG_DFL);
  }
  void type(const std::string& keys) const {
    ASSERT_EQ(::write(descriptor_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }
  /// Whether that comes to stand on the terminal; else all its programs have ended.
  bool shows(const std::string& words) {
    char text[256];
    while (screen_.find(words) == std::string::npos) {
      const ssize_t size = ::read(descriptor_, text, sizeof text);
      if (size <= 0) return false;
      screen_.append(text, static_cast<std::size_t>(size));
    }
    return true;
  }

 private:
  int descriptor_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  std::string screen_;
};

[[noreturn]] inline void become_program(const std::string& program, const std::vector<std::string>& arguments) {
  std::vector<char*> argv = {const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execv(program.c_str(), argv.data());
  ::_exit(127);
}

/// A program that leads a session on a terminal of its own.
class OnTerminal : public Keyboard {
 public:
  OnTerminal(const std::string& program, const std::vector<std::string>& arguments) : process_(::fork()) {
    if (process_ != 0) return;
    begin_session();
    become_program(program, arguments);
  }
  int wait() const {
    int status = 0;
    ::waitpid(process_, &status, 0);
    return status;
  }

 private:
  pid_t process_;
};

/// A program as the foreground job of a shell: of a process that leads the session and does with it what the test says.
class JobOnTerminal : public Keyboard {
 public:
  JobOnTerminal(const std::string& program, const std::vector<std::string>& arguments) {
    EXPECT_EQ(::pipe2(orders_, O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(news_, O_CLOEXEC), 0);
    shell_ = ::fork();
    if (shell_ != 0) {
      job_ = hear();
      return;
    }
    begin_session();
    const pid_t job = ::fork();
    ::signal(SIGTTOU, SIG_IGN);  // who gives the terminal away need not have it
    if (job == 0) {
      ::setpgid(0, 0);
      ::tcsetpgrp(STDIN_FILENO, ::getpid());
      ::signal(SIGTTOU, SIG_DFL);
      become_program(program, arguments);
    }
    ::setpgid(job, job);
    be_shell(job);
  }
  ~JobOnTerminal() {
    if (job_ > 1 && !has_ended_) ::kill(-job_, SIGKILL);
    ::kill(shell_, SIGKILL);
    ::waitpid(shell_, nullptr, 0);
    for (const int end : {orders_[0], orders_[1], news_[0], news_[1]}) ::close(end);
  }

  /// Whether it stops, of which the shell takes the terminal back.
  bool stops() { return WIFSTOPPED(hear()); }
  void go_on_in_foreground() const { tell('f'); }
  void go_on_in_background() const { tell('b'); }
  /// Waits for its end: its status.
  int wait() {
    const int status = hear();
    has_ended_ = WIFEXITED(status) || WIFSIGNALED(status);
    return status;
  }

 private:
  [[noreturn]] void be_shell(pid_t job) const {
    bool is_heard = ::write(news_[1], &job, sizeof job) > 0;
    int status = 0;
    while (is_heard && ::waitpid(job, &status, WUNTRACED) == job) {
      ::tcsetpgrp(STDIN_FILENO, ::getpid());
      is_heard = ::write(news_[1], &status, sizeof status) > 0;
      char order = 0;
      if (!WIFSTOPPED(status) || ::read(orders_[0], &order, 1) != 1) break;
      if (order == 'f') ::tcsetpgrp(STDIN_FILENO, job);
      ::kill(-job, SIGCONT);
    }
    ::_exit(0);
  }
  void tell(char order) const { ASSERT_EQ(::write(orders_[1], &order, 1), 1); }
  /// What the shell says next; 0, as of a program that ended well: nothing within a minute.
  int hear() const {
    constexpr int kLongest_ms = 60000;
    pollfd news = {news_[0], POLLIN, 0};
    int number = 0;
    if (::poll(&news, 1, kLongest_ms) != 1 || ::read(news_[0], &number, sizeof number) != sizeof number) {
      ADD_FAILURE() << "nothing happened";
    }
    return number;
  }

  int orders_[2] = {-1, -1}, news_[2] = {-1, -1};
  pid_t shell_ = -1, job_ = -1;
  bool has_ended_ = false;
};

}  // namespace perfmodel
