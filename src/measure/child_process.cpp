#include "measure/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "perfmodel/core/error.h"

extern char** environ;

namespace perfmodel {
namespace {

constexpr std::size_t kKeptBytes = 65536;
// What a program that never stops writing may keep this one from looking at the clock.
constexpr int kReadsPerLook = 64;
// A child's end alone wakes no poll() on its pipes while something it started holds them open.
constexpr int kLookEvery_ms = 20;

[[noreturn]] void throw_system_error(const std::string& what, int number) {
  throw Error(ErrorCode::kIo, fmt::format("{}: {}", what, std::generic_category().message(number)));
}

struct Pipe {
  int read = -1, write = -1;

  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw_system_error("a pipe to a program", errno);
    read = ends[0];
    write = ends[1];
    fcntl(read, F_SETFL, O_NONBLOCK);
  }
  ~Pipe() {
    if (read >= 0) close(read);
    if (write >= 0) close(write);
  }
  int release_read() {
    const int descriptor = read;
    read = -1;
    return descriptor;
  }
};

void close_pipe(int& descriptor) {
  if (descriptor >= 0) close(descriptor);
  descriptor = -1;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments) {
  Pipe output, error;
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, error.write, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // The program gets signals as any program does, whatever this process does with its own.
  sigset_t none, broken_pipe;
  sigemptyset(&none);
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &broken_pipe);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  const int failure = posix_spawn(&process_, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) throw_system_error(fmt::format("'{}' cannot be started", arguments.front()), failure);
  output_pipe_ = output.release_read();
  error_pipe_ = error.release_read();
}

ChildProcess::~ChildProcess() {
  kill(-process_, SIGKILL);  // also what a child that has ended left behind; unreaped, it keeps the group's number
  while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
  close_pipe(output_pipe_);
  close_pipe(error_pipe_);
}

void ChildProcess::drain(int& descriptor, std::string& text) {
  char buffer[16384];
  for (int reads = 0; descriptor >= 0 && reads < kReadsPerLook; ++reads) {
    const ssize_t count = read(descriptor, buffer, sizeof buffer);
    if (count > 0) {
      text.append(buffer, static_cast<std::size_t>(count));
      if (text.size() > 2 * kKeptBytes) text.erase(0, text.size() - kKeptBytes);
    } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
      close_pipe(descriptor);
    } else if (errno == EAGAIN) {
      break;
    }
  }
  if (text.size() > kKeptBytes) text.erase(0, text.size() - kKeptBytes);
}

bool ChildProcess::has_ended() {
  if (ended_) return true;
  siginfo_t end = {};
  if (waitid(P_PID, static_cast<id_t>(process_), &end, WEXITED | WNOHANG | WNOWAIT) != 0) {
    if (errno == EINTR) return false;
    throw_system_error("a program's end cannot be waited for (does this process ignore SIGCHLD?)", errno);
  }
  if (end.si_pid != process_) return false;
  ended_ = true;
  exit_code_ = end.si_code == CLD_EXITED ? end.si_status : -1;
  signal_ = end.si_code == CLD_EXITED ? 0 : end.si_status;
  return true;
}

bool ChildProcess::poll(int timeout_ms) {
  for (int waited_ms = 0;; waited_ms += kLookEvery_ms) {
    const bool ended = has_ended();  // before draining, so that nothing it wrote is missed
    drain(output_pipe_, output_);
    drain(error_pipe_, error_output_);
    if (ended) return true;
    if (waited_ms >= timeout_ms) return false;
    pollfd descriptors[] = {{output_pipe_, POLLIN, 0}, {error_pipe_, POLLIN, 0}};  // -1 is passed over
    ::poll(descriptors, 2, std::min(kLookEvery_ms, timeout_ms - waited_ms));
  }
}

}  // namespace perfmodel
