#include "run_tool.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "core/file.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

constexpr useconds_t kAskEvery_us = 20000;

[[noreturn]] void become(const std::string& program, const std::vector<std::string>& arguments, const std::string& out,
                         const std::string& err) {
  std::vector<char*> argv = {const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const int nothing = open("/dev/null", O_RDONLY);
  const int out_file = open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  const int err_file = open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  dup2(nothing, STDIN_FILENO);
  dup2(out_file, STDOUT_FILENO);
  dup2(err_file, STDERR_FILENO);
  signal(SIGINT, SIG_DFL);  // which whoever runs tests in the background may have had ignored
  execv(program.c_str(), argv.data());
  _exit(127);
}

std::string temporary_file(const std::string& ending) {
  return temporary_path("tool" + ending);
}

/// @param attend  is given the process while it runs
ToolRun run_into(const std::string& out, const std::string& program, const std::vector<std::string>& arguments,
                 const std::function<void(pid_t)>& attend = {}) {
  const std::string err = temporary_file(".err");
  const pid_t child = fork();
  if (child == 0) become(program, arguments, out, err);
  if (attend) attend(child);
  int status = 0;
  waitpid(child, &status, 0);
  ToolRun run{WIFEXITED(status) ? WEXITSTATUS(status) : -1, "", read_file(err),
              WIFSIGNALED(status) ? WTERMSIG(status) : 0};
  std::filesystem::remove(err);
  return run;
}

ToolRun run_and_read(const std::string& program, const std::vector<std::string>& arguments,
                     const std::function<void(pid_t)>& attend) {
  const std::string out = temporary_file(".out");
  ToolRun run = run_into(out, program, arguments, attend);
  run.out = read_file(out);
  std::filesystem::remove(out);
  return run;
}

}  // namespace

std::string test_folder() {
  const ::testing::TestInfo* test = ::testing::UnitTest::GetInstance()->current_test_info();
  const std::string folder = temporary_path(std::string(test->test_suite_name()) + "_" + test->name() + "/");
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

ToolRun run_tool(const std::string& program, const std::vector<std::string>& arguments) {
  return run_and_read(program, arguments, {});
}

ToolRun run_tool_until(const std::function<bool()>& is_time, int signal, const std::string& program,
                       const std::vector<std::string>& arguments) {
  return run_and_read(program, arguments, [&](pid_t process) {
    const auto has_ended = [&] {
      siginfo_t info{};
      return waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
    };
    while (!is_time()) {
      if (has_ended()) return;
      usleep(kAskEvery_us);
    }
    kill(process, signal);
  });
}

ToolRun run_tool_on_full_disk(const std::string& program, const std::vector<std::string>& arguments) {
  return run_into("/dev/full", program, arguments);
}

std::string last_line(const std::string& text) {
  const std::size_t end = text.find_last_not_of('\n');
  if (end == std::string::npos) return "";
  const std::size_t begin = text.rfind('\n', end);
  return text.substr(begin == std::string::npos ? 0 : begin + 1,
                     end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

}  // namespace perfmodel
