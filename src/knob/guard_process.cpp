#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "knob/guard_channel.h"
#include "knob/journal_owner.h"
#include "knob/knob_journal.h"
#include "knob/knob_machine.h"
#include "knob/restorer.h"
#include "knob/settling.h"
#include "perfmodel/core/error.h"
#include "perfmodel/knob/knob_guard.h"

namespace perfmodel {
namespace {

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

/// Follows what the tool tells until its end. Whether it said that nothing is left to be restored.
bool listen(int socket, std::set<pid_t>& groups) {
  while (const std::optional<GuardMessage> message = hear_tool(socket)) {
    switch (message->kind) {
      case GuardMessage::Kind::kDone:
        return true;
      case GuardMessage::Kind::kGroupBegins:
        groups.insert(message->group);
        break;
      case GuardMessage::Kind::kGroupEnds:
        groups.erase(message->group);
        break;
    }
  }
  return false;
}

/// What lies in the journal's place and cannot be followed, so that no driver writes a knob beside it; empty: nothing.
std::string obstacle_at(const KnobDriverOptions& options) {
  const KnobMachine machine = knob_machine(options);
  try {
    left_journal(*machine.journal_files, machine.journal_path);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kIo) return error.what();
  }
  return "";
}

/// What could not be restored, in one line; empty: all was.
/// @param obstacle  what was in the way before the tool began: while it still is, the tool has set nothing
std::string try_to_restore(const KnobDriverOptions& options, const std::string& owner, const std::string& obstacle) {
  try {
    return failure_text(roll_back_journal(knob_machine(options), options.max_settle_s, owner));
  } catch (const std::exception& error) {
    return error.what() == obstacle ? "" : error.what();
  }
}

/// The whole life of the guard. Ends the process.
[[noreturn]] void guard(int socket, const std::string& owner, const KnobDriverOptions& options,
                        const std::string& obstacle) {
  int exit_code = 1;
  try {
    close_all_but(socket);
    std::error_code ignored;
    std::filesystem::current_path("/", ignored);  // so that no file system is busy because of it
    std::string failure;
    std::set<pid_t> groups;
    const auto restore = [&] {
      failure = try_to_restore(options, owner, obstacle);
      return failure.empty();
    };
    bool is_done = listen(socket, groups);
    if (!is_done) {
      for (const pid_t group : groups) {
        if (group > 1) ::kill(-group, SIGKILL);
      }
      is_done = wait_until_settled(*system_clock(), kLongestTry_s, restore);
    }
    exit_code = is_done ? 0 : 1;
    if (!is_done) {
      const std::string line = fmt::format("knobs are not as they were found: {}\n", failure);
      if (::write(STDERR_FILENO, line.data(), line.size()) < 0) exit_code = 1;
    }
  } catch (...) {  // nobody is there to be told
  }
  ::_exit(exit_code);
}

/// Options that mean the same wherever the process is.
KnobDriverOptions anchored(KnobDriverOptions options) {
  options.clock = nullptr;  // the tool's clock may have threads, which stay behind
  const KnobMachine machine = knob_machine(options);
  options.journal_path = machine.journal_path;
  options.root = std::filesystem::absolute(options.root).string();
  if (options.nvml_library.find('/') != std::string::npos) {
    options.nvml_library = std::filesystem::absolute(options.nvml_library).string();
  }
  return options;
}

}  // namespace

GuardProcess::GuardProcess(const KnobDriverOptions& tool_options) {
  const KnobDriverOptions options = anchored(tool_options);
  const std::string owner = journal_owner(), obstacle = obstacle_at(options);
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) throw_no_process(errno);
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
    guard(ends[1], owner, options, obstacle);
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::close(ends[1]);
  if (process_ < 0) {
    ::close(ends[0]);
    throw_no_process(error_number);
  }
  socket_ = ends[0];
  add_guard_socket(socket_);
}

GuardProcess::~GuardProcess() {
  wait_for_end();
}

bool GuardProcess::undo() noexcept {
  return wait_for_end();
}

void GuardProcess::watch_group(int group) const noexcept {
  if (socket_ >= 0) tell_guard(socket_, {GuardMessage::Kind::kGroupBegins, group});
}

void GuardProcess::leave_group(int group) const noexcept {
  if (socket_ >= 0) tell_guard(socket_, {GuardMessage::Kind::kGroupEnds, group});
}

void GuardProcess::finish() noexcept {
  if (socket_ < 0) return;
  tell_guard(socket_, {GuardMessage::Kind::kDone, 0});
  wait_for_end();
}

/// Whether the guard says that nothing is left.
bool GuardProcess::wait_for_end() noexcept {
  if (socket_ < 0) return true;
  remove_guard_socket(socket_);
  ::close(std::exchange(socket_, -1));
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace perfmodel
