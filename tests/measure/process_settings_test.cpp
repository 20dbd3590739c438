#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include "expect_error.h"
#include "measure/command_script.h"
#include "measure/spawn.h"
#include "perfmodel/knob/knob_guard.h"
#include "processes.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

using Answer = std::map<std::string, double>;

constexpr double kPatience_s = 120;  // a busy machine starts a shell slowly; a hanging one takes for ever
constexpr int kNobody = 65534;
/// nproc obeys variables, too, which whoever starts the tests may have set.
const std::string kCountCpus = "env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc";

Answer run(const std::string& command, const ProcessSettings& settings) {
  return run_measuring_command({command, kPatience_s}, {}, {}, settings);
}

int num_allowed_cpus() {
  cpu_set_t cpus;
  return ::sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? CPU_COUNT(&cpus) : 0;
}

TEST(ProcessSettings, BindTheProgramAndNotThisProcess) {
  ProcessSettings settings;
  settings.num_cpus = 1;
  const int before = num_allowed_cpus();
  EXPECT_EQ(run("echo cpus=$(" + kCountCpus + "); true", settings), (Answer{{"cpus", 1}}));
  EXPECT_EQ(num_allowed_cpus(), before);
}

TEST(ProcessSettings, NoneAreThoseOfThisProcess) {
  EXPECT_EQ(run("echo cpus=$(" + kCountCpus + ") nice=$(nice); true", {}),
            (Answer{{"cpus", num_allowed_cpus()}, {"nice", ::getpriority(PRIO_PROCESS, 0)}}));
}

TEST(ProcessSettings, LowerThePriorityOfTheProgramAlone) {
  const int before = ::getpriority(PRIO_PROCESS, 0);
  ProcessSettings settings;
  settings.nice = 19;
  EXPECT_EQ(run("echo nice=$(nice); true", settings), (Answer{{"nice", 19}}));
  EXPECT_EQ(::getpriority(PRIO_PROCESS, 0), before);
}

TEST(ProcessSettings, SetVariablesInPlaceOfInheritedOnes) {
  ::setenv("PERFMODEL_TEST_THREADS", "8", 1);
  ::setenv("PERFMODEL_TEST_KEPT", "5", 1);
  ProcessSettings settings;
  settings.environment = {{"PERFMODEL_TEST_THREADS", "2"}, {"PERFMODEL_TEST_NEW", "3"}};
  EXPECT_EQ(run("echo threads=$PERFMODEL_TEST_THREADS kept=$PERFMODEL_TEST_KEPT new=$PERFMODEL_TEST_NEW "
                "times=$(env | grep -c PERFMODEL_TEST_THREADS); true",
                settings),
            (Answer{{"threads", 2}, {"kept", 5}, {"new", 3}, {"times", 1}}));
  EXPECT_STREQ(::getenv("PERFMODEL_TEST_THREADS"), "8");
}

TEST(ProcessSettings, OutOfRangeAreRefused) {
  ProcessSettings settings;
  settings.num_cpus = -1;
  EXPECT_PM_ERROR(run("true", settings), ErrorCode::kInvalidArgument, "on -1 CPUs, at least 1 is allowed");
  settings = {};
  settings.nice = 20;
  EXPECT_PM_ERROR(run("true", settings), ErrorCode::kInvalidArgument, "nice 20, -20 to 19 is allowed");
  for (const char* name : {"", "A=B"}) {
    settings = {};
    settings.environment = {{name, "1"}};
    EXPECT_PM_ERROR(run("true", settings), ErrorCode::kInvalidArgument, "is no name of an environment variable");
  }
}

TEST(ProcessSettings, MoreCpusThanThereAreAreUnsupported) {
  ProcessSettings settings;
  settings.num_cpus = num_allowed_cpus() + 1;
  EXPECT_PM_ERROR(run("echo 1; true", settings), ErrorCode::kUnsupported,
                  "this process may run on " + std::to_string(num_allowed_cpus()));
}

/// How a process without privilege fares: 0 when the priority is refused as it should be.
int raise_priority_without_privilege() {
  if (::getuid() == 0 && ::setuid(kNobody) != 0) return 2;
  ProcessSettings settings;
  settings.nice = -20;
  try {
    run("echo 1; true", settings);
  } catch (const Error& error) {
    const std::string words = error.what();
    return error.code() == ErrorCode::kPermission && words.find("cannot run at nice -20") != std::string::npos ? 0 : 3;
  }
  return 1;
}

TEST(ProcessSettings, PriorityThatNeedsPrivilegeIsRefused) {
  const pid_t process = ::fork();
  if (process == 0) ::_exit(raise_priority_without_privilege());
  int status = 0;
  ASSERT_EQ(::waitpid(process, &status, 0), process);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(SpawnedProgram, GetsSignalsAsAnyProgramDoes) {
  sigset_t term, before;
  ::sigemptyset(&term);
  ::sigaddset(&term, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &term, &before);
  const auto old_handler = ::signal(SIGUSR1, [](int) {});
  EXPECT_PM_ERROR(run("kill -TERM $$; echo 1", {}), ErrorCode::kIo, "was killed by signal 15");
  EXPECT_PM_ERROR(run("kill -USR1 $$; echo 1", {}), ErrorCode::kIo, "was killed by signal 10");
  ::signal(SIGUSR1, old_handler);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST(SpawnedProgram, ThatIsNotThereIsToldAtOnce) {
  EXPECT_PM_ERROR(spawn_program({"/no/such/program"}, {}, {STDOUT_FILENO, STDERR_FILENO}), ErrorCode::kIo,
                  "'/no/such/program' cannot be started: No such file");
}

/// A file that can be run.
std::string program_in(const std::string& path, const std::string& script) {
  std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path;
}

/// A command that runs until it is killed, measured by a process that is killed then.
class KilledMeasurement {
 public:
  /// @param measure  never comes to its end
  explicit KilledMeasurement(const std::function<void(const std::string& command)>& measure,
                             const std::string& command) {
    measuring_ = ::fork();
    if (measuring_ == 0) {
      measure(tell_group_in(path_) + command);
      ::_exit(0);
    }
    EXPECT_TRUE(comes_true([&] { return group_in(path_) > 0; }));
    group_ = group_in(path_);
  }
  bool comes_to(int num_processes) const {
    return comes_true([&] { return num_running_in_group(group_) == num_processes; });
  }
  void kill() const {
    ::kill(measuring_, SIGKILL);
    ::waitpid(measuring_, nullptr, 0);
  }

 private:
  const TemporaryFolder folder_;
  const std::string path_ = folder_.file("group");
  pid_t measuring_ = -1, group_ = -1;
};

TEST(SpawnedProgram, DiesWithTheProcessThatMeasures) {
  const TemporaryFolder folder;
  const KilledMeasurement measurement(
      [&](const std::string& command) { run(program_in(folder.file("program"), command), {}); }, "exec sleep 1000");
  EXPECT_TRUE(measurement.comes_to(1));
  measurement.kill();
  EXPECT_TRUE(measurement.comes_to(0));
}

TEST(SpawnedProgram, DiesWithItsWholeGroupWhereThereIsAGuardProcess) {
  const TemporaryFolder folder;
  KnobDriverOptions options;
  options.root = folder.path();
  const KilledMeasurement measurement(
      [&](const std::string& command) {
        const GuardProcess guard(options);
        EXPECT_EQ(run("echo 1; true", {}), (Answer{{"", 1}}));
        run(command, {});
      },
      "sleep 1000 & sleep 1000; true");
  EXPECT_TRUE(measurement.comes_to(3));
  measurement.kill();
  EXPECT_TRUE(measurement.comes_to(0));
}

TEST(CommandScript, PutsASingleProgramInPlaceOfTheShell) {
  EXPECT_EQ(command_script(" sleep 5\n"), "exec sleep 5 \"$@\"");
  EXPECT_EQ(command_script("/bin/sh 'a b' x=$HOME"), "exec /bin/sh 'a b' x=$HOME \"$@\"");
  for (const char* other : {"eval x", "A=1 sleep 5", "sleep 5; sleep 6", "sleep 5 > file", "(sleep 5)", "$PROGRAM 5",
                            "! sleep 5", "sleep 5\nsleep 6", "/no/such/program", "no-such-program"}) {
    EXPECT_EQ(command_script(other), std::string(other) + " \"$@\"");
  }
}

TEST(MeasuringCommand, KilledForMemorySaysSo) {
  constexpr const char* kWhy = "signal 9, as the system does where memory runs out";
  EXPECT_PM_ERROR(run("kill -9 $$; true", {}), ErrorCode::kIo, std::string("was killed by ") + kWhy);
  EXPECT_PM_ERROR(run("sh -c 'kill -9 $$'; exit $?; true", {}), ErrorCode::kIo,
                  std::string("ended with exit code 137, the shell's for ") + kWhy);
}

}  // namespace
}  // namespace perfmodel
