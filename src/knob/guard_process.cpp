#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "knob/knob_machine.h"
#include "knob/settling.h"
#include "perfmodel/core/error.h"
#include "perfmodel/knob/knob_guard.h"

namespace perfmodel {
namespace {

constexpr char kDone = 'd';
/// The lock of a process that ends is free a moment later; a device may be busy for a while.
constexpr double kLongestTry_s = 10;

[[noreturn]] void throw_no_process(int error_number) {
  throw Error(ErrorCode::kIo,
              fmt::format("no guard process could be started: {}", std::generic_category().message(error_number)));
}

/// What the tool has open is not to stay open because of its guard, but for the errors that it writes.
void close_all_but(int kept) {
  std::vector<int> descriptors;
  std::error_code error;
  for (std::filesystem::directory_iterator it("/proc/self/fd", error), end; !error && it != end; it.increment(error)) {
    descriptors.push_back(std::atoi(it->path().filename().c_str()));
  }
  const int nothing = ::open("/dev/null", O_RDWR);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO}) ::dup2(nothing, standard);
  if (nothing > STDERR_FILENO) ::close(nothing);
  for (const int descriptor : descriptors) {
    if (descriptor > STDERR_FILENO && descriptor != kept) ::close(descriptor);
  }
}

/// Whether the tool said that nothing is left to be restored; else it is gone.
bool wait_for_done(int pipe) {
  char message = 0;
  ssize_t size;
  do size = ::read(pipe, &message, 1);
  while (size < 0 && errno == EINTR);
  return size == 1 && message == kDone;
}

/// What could not be restored, in one line; empty: all was.
std::string try_to_restore(const KnobDriverOptions& options) {
  try {
    const RestoreReport report = restore_from_journal(options);
    std::string text;
    for (const RestoreReport::Failure& failure : report.failures) {
      text += fmt::format("{}'{}': {}", text.empty() ? "" : "; ", failure.what, failure.reason);
    }
    return text;
  } catch (const std::exception& error) {
    return error.what();
  }
}

/// The whole life of the guard. Ends the process.
[[noreturn]] void guard(int pipe, const KnobDriverOptions& options) {
  int exit_code = 1;
  try {
    close_all_but(pipe);
    std::string failure;
    const bool is_done = wait_for_done(pipe) || wait_until_settled(*system_clock(), kLongestTry_s, [&] {
                           failure = try_to_restore(options);
                           return failure.empty();
                         });
    exit_code = is_done ? 0 : 1;
    if (!is_done) {
      const std::string line = fmt::format("knobs are not as they were found: {}\n", failure);
      if (::write(STDERR_FILENO, line.data(), line.size()) < 0) exit_code = 1;
    }
  } catch (...) {  // nobody is there to be told
  }
  ::_exit(exit_code);
}

}  // namespace

GuardProcess::GuardProcess(const KnobDriverOptions& tool_options) {
  KnobDriverOptions options = tool_options;
  options.clock = nullptr;  // the tool's clock may have threads, which stay behind
  knob_machine(options);
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw_no_process(errno);
  // Blocked until the child ignores them, so that none can end it before.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  process_ = ::fork();
  const int error_number = errno;
  if (process_ == 0) {
    ::setsid();
    ::close(ends[0]);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(signal, SIG_IGN);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    guard(ends[1], options);
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::close(ends[1]);
  if (process_ < 0) {
    ::close(ends[0]);
    throw_no_process(error_number);
  }
  pipe_ = ends[0];
}

GuardProcess::~GuardProcess() {
  ssize_t size;
  do size = ::send(pipe_, &kDone, 1, MSG_NOSIGNAL);  // to a guard that somebody killed, too
  while (size < 0 && errno == EINTR);
  ::close(pipe_);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace perfmodel
