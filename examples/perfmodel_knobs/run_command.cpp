#include "run_command.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "perfmodel/core/error.h"
#include "stop_signal.h"
#include "terminal.h"

namespace perfmodel::tools {
namespace {

constexpr useconds_t kPause_us = 100000;

sigset_t stop_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : kStopSignals) ::sigaddset(&signals, signal);
  return signals;
}

/// The new process, until it is the command. Stop signals are blocked.
[[noreturn]] void become(std::vector<char*>& arguments, const GuardProcess& guard, Terminal& terminal, pid_t tool) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != tool) ::_exit(127);  // which died before it could be asked for
  guard.watch_group(::getpid());
  terminal.lend(::getpid());
  for (const int signal : kStopSignals) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    if (action.sa_handler != SIG_IGN) ::signal(signal, SIG_DFL);
  }
  const sigset_t signals = stop_signals();
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  ::execvp(arguments[0], arguments.data());
  std::fprintf(stderr, "cannot run '%s': %s\n", arguments[0], std::strerror(errno));
  ::_exit(127);
}

pid_t start(const std::vector<std::string>& command, const GuardProcess& guard, Terminal& terminal) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const BlockedSignals blocked(stop_signals());
  throw_if_stopped("the command was not run");
  const pid_t tool = ::getpid(), process = ::fork();
  if (process < 0) throw Error(ErrorCode::kIo, std::string("no process can be started: ") + std::strerror(errno));
  if (process == 0) become(arguments, guard, terminal, tool);
  ::setpgid(process, process);  // it may not have come to that yet
  pass_stop_signals_to(process);
  terminal.lend(process);
  return process;
}

/// A command that the keyboard stopped, or that waits for the terminal, stops this tool's job too, as the user expects.
void stop_with(pid_t process, int signal, Terminal& terminal) {
  if (!terminal.is_lent() && signal != SIGTTIN && signal != SIGTTOU) return;
  terminal.take_back();
  ::kill(0, SIGTSTP);
  // From here on it goes on, or never stopped, where nobody could let it go on.
  terminal.lend(process);
  if (!terminal.is_lent()) ::usleep(kPause_us);
  ::kill(-process, SIGCONT);
}

/// Waits for its end, and leaves it to be buried. As waitid() tells it.
siginfo_t wait_for_end(pid_t process, Terminal& terminal) {
  const auto id = static_cast<id_t>(process);
  for (;;) {
    siginfo_t info{};
    if (::waitid(P_PID, id, &info, WEXITED | WSTOPPED | WNOWAIT) != 0) {
      if (errno == EINTR) continue;
      throw Error(ErrorCode::kIo, std::string("the command's end cannot be waited for: ") + std::strerror(errno));
    }
    if (info.si_code != CLD_STOPPED) return info;
    siginfo_t seen{};
    ::waitid(P_PID, id, &seen, WSTOPPED | WNOHANG);
    stop_with(process, info.si_status, terminal);
  }
}

}  // namespace

CommandEnd run_command(const std::vector<std::string>& command, const GuardProcess& guard) {
  Terminal terminal;
  const pid_t process = start(command, guard, terminal);
  const siginfo_t end = wait_for_end(process, terminal);
  pass_stop_signals_to(0);
  // Without a group of its own the command would have shared the keyboard's signal with all of this tool's job.
  const bool is_interrupted = end.si_code != CLD_EXITED && end.si_status == SIGINT;
  if (is_interrupted && terminal.is_lent() && !is_stopped()) ::kill(0, SIGINT);
  if (is_stopped()) ::kill(-process, SIGKILL);
  guard.leave_group(process);
  terminal.take_back();
  while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
  }
  return {end.si_code == CLD_EXITED, end.si_status};
}

}  // namespace perfmodel::tools
