#include "measure/spawn.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <system_error>

#include "knob/guard_channel.h"
#include "measure/pipe.h"
#include "perfmodel/core/error.h"

extern char** environ;

namespace perfmodel {
namespace {

constexpr int kLeastNice = -20, kGreatestNice = 19;

/// What can go wrong between the fork and the program's begin, as the new process tells it.
enum class Step : int { kGroup, kAffinity, kNice, kStart };
struct Failure {
  Step step;
  int error_number;
};

/// All that the new process needs. Made before the fork, after which nothing may allocate.
struct Plan {
  std::vector<std::string> environment;
  std::vector<char*> argv, envp;
  cpu_set_t cpus;
  bool sets_cpus = false, sets_nice = false;
  int nice = 0;
  pid_t parent = getpid();
  std::vector<int> guards = guard_sockets();
};

/// No handler of this process may run in the new one.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t before_;
};

/// The first `count` CPUs of those this process may run on.
cpu_set_t first_cpus(int count) {
  cpu_set_t allowed, chosen;
  CPU_ZERO(&chosen);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) CPU_ZERO(&allowed);
  for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&chosen) < count; ++cpu) {
    if (CPU_ISSET(cpu, &allowed)) CPU_SET(cpu, &chosen);
  }
  if (CPU_COUNT(&chosen) < count) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("a program is to run on {} CPUs, this process may run on {}", count, CPU_COUNT(&allowed)));
  }
  return chosen;
}

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& variables) {
  std::vector<std::string> environment;
  const auto is_set_anew = [&variables](const std::string& entry) {
    const std::string name = entry.substr(0, entry.find('='));
    return std::any_of(variables.begin(), variables.end(),
                       [&name](const auto& variable) { return variable.first == name; });
  };
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    if (!is_set_anew(*entry)) environment.emplace_back(*entry);
  }
  for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
  return environment;
}

Plan plan_of(const std::vector<std::string>& arguments, const ProcessSettings& settings) {
  Plan plan;
  plan.environment = environment_with(settings.environment);
  const auto pointers = [](const std::vector<std::string>& texts) {
    std::vector<char*> found;
    for (const std::string& text : texts) found.push_back(const_cast<char*>(text.c_str()));
    found.push_back(nullptr);
    return found;
  };
  plan.argv = pointers(arguments);
  plan.envp = pointers(plan.environment);
  plan.sets_cpus = settings.num_cpus > 0;
  if (plan.sets_cpus) plan.cpus = first_cpus(settings.num_cpus);
  plan.sets_nice = settings.nice.has_value();
  plan.nice = settings.nice.value_or(0);
  return plan;
}

[[noreturn]] void give_up(int report, Step step) {
  const Failure failure{step, errno};
  const ssize_t written = write(report, &failure, sizeof failure);
  _exit(written < 0 ? 126 : 127);
}

void handle_signals_as_any_program() {
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action;
    if (sigaction(number, nullptr, &action) != 0 || action.sa_handler == SIG_DFL) continue;
    if (action.sa_handler == SIG_IGN && number != SIGPIPE) continue;
    action = {};
    action.sa_handler = SIG_DFL;
    sigaction(number, &action, nullptr);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// The new process, until it is the program. Only what is safe in a signal handler may be called: other threads of the
/// process it was forked from may have held locks.
[[noreturn]] void become(const Plan& plan, const ProgramOutputs& outputs, int report) {
  if (setpgid(0, 0) != 0) give_up(report, Step::kGroup);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != plan.parent) _exit(127);  // which died before it could be asked for
  for (const int guard : plan.guards) tell_guard(guard, {GuardMessage::Kind::kGroupBegins, getpid()});
  const int nothing = open("/dev/null", O_RDONLY);
  if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(outputs.output, STDOUT_FILENO) < 0 ||
      dup2(outputs.error, STDERR_FILENO) < 0) {
    give_up(report, Step::kStart);
  }
  if (nothing != STDIN_FILENO) close(nothing);
  if (plan.sets_cpus && sched_setaffinity(0, sizeof plan.cpus, &plan.cpus) != 0) give_up(report, Step::kAffinity);
  if (plan.sets_nice && setpriority(PRIO_PROCESS, 0, plan.nice) != 0) give_up(report, Step::kNice);
  handle_signals_as_any_program();
  execve(plan.argv[0], plan.argv.data(), plan.envp.data());
  give_up(report, Step::kStart);
}

[[noreturn]] void throw_failure(const Failure& failure, const std::string& program, const ProcessSettings& settings) {
  const std::string words = std::generic_category().message(failure.error_number);
  const bool refused = failure.error_number == EACCES || failure.error_number == EPERM;
  switch (failure.step) {
    case Step::kAffinity:
      throw Error(refused ? ErrorCode::kPermission : ErrorCode::kIo,
                  fmt::format("'{}' cannot be bound to {} CPUs: {}", program, settings.num_cpus, words));
    case Step::kNice:
      throw Error(refused ? ErrorCode::kPermission : ErrorCode::kIo,
                  fmt::format("'{}' cannot run at nice {}, this process has {}: {}", program, *settings.nice,
                              getpriority(PRIO_PROCESS, 0), words));
    case Step::kGroup:
    case Step::kStart:
      break;
  }
  throw Error(ErrorCode::kIo, fmt::format("'{}' cannot be started: {}", program, words));
}

}  // namespace

void check_process_settings(const ProcessSettings& settings) {
  if (settings.num_cpus < 0) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("a program is to run on {} CPUs, at least 1 is allowed, or 0 for all", settings.num_cpus));
  }
  if (settings.nice && (*settings.nice < kLeastNice || *settings.nice > kGreatestNice)) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("a program is to run at nice {}, {} to {} is allowed",
                                                         *settings.nice, kLeastNice, kGreatestNice));
  }
  for (const auto& [name, value] : settings.environment) {
    if (!name.empty() && name.find('=') == std::string::npos && (name + value).find('\0') == std::string::npos)
      continue;
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' is no name of an environment variable, or its value holds a zero byte", name));
  }
}

pid_t spawn_program(const std::vector<std::string>& arguments, const ProcessSettings& settings,
                    const ProgramOutputs& outputs) {
  check_process_settings(settings);
  const Plan plan = plan_of(arguments, settings);
  Pipe report;  // closes when the program begins
  pid_t process;
  {
    const BlockedSignals blocked;
    process = fork();
    if (process == 0) become(plan, outputs, report.write);
  }
  if (process < 0) throw_system_error(fmt::format("'{}' cannot be started", arguments.front()), errno);
  report.close_write();
  Failure failure;
  ssize_t size;
  do size = read(report.read, &failure, sizeof failure);
  while (size < 0 && errno == EINTR);
  if (size == static_cast<ssize_t>(sizeof failure)) {
    bury_program(process);
    throw_failure(failure, arguments.front(), settings);
  }
  return process;
}

void bury_program(pid_t process) noexcept {
  kill(-process, SIGKILL);  // also what one that has ended left behind; unburied, it keeps the group's number
  tell_guards({GuardMessage::Kind::kGroupEnds, process});
  while (waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace perfmodel
