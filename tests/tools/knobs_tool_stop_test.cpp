// perfmodel-knobs that is stopped or killed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "knobs_tool.h"
#include "on_terminal.h"

namespace perfmodel {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr char kRunOn[] = "sleep 1000 & sleep 1000; true";  // a shell and two programs

class StoppedKnobsTool : public KnobsTool {
 protected:
  /// Whether the command has told its group and all of it runs. A shell that still starts programs may lose a signal.
  bool command_runs() const { return num_running_in_group(group_in(group_file_), "sleep") == 2; }
  bool command_is_gone() const {
    return comes_true([this] { return num_running_in_group(group_in(group_file_)) == 0; });
  }
  /// Whether all is as it was, and the next tool may begin.  @param at_once  without waiting for a guard
  bool is_restored(bool at_once) const {
    return at_once ? knob_files() == original_ : becomes_original() && becomes_free();
  }

  const std::string group_file_ = folder_.file("group");
};

TEST_F(StoppedKnobsTool, EndsTheCommandAndRestoresHoweverItIsStopped) {
  const std::string level = second_gpu_level();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGKILL}) {
    SCOPED_TRACE(signal);
    std::filesystem::remove(group_file_);
    const ToolRun stopped = run_tool_until([&] { return command_runs(); }, signal, PERFMODEL_KNOBS_TOOL,
                                           on_this_board({"set", "num_cores=1", "gpu_freq_hz=" + level, "--", "/bin/sh",
                                                          "-c", tell_group_in(group_file_) + kRunOn}));
    EXPECT_EQ(stopped.signal, signal);
    const bool at_once = signal != SIGKILL;
    if (at_once) {
      EXPECT_THAT(stopped.err, HasSubstr("stopped by signal " + std::to_string(signal)));
    }
    EXPECT_TRUE(command_is_gone());
    EXPECT_TRUE(is_restored(at_once));
  }
}

TEST_F(StoppedKnobsTool, LetsTheCommandEndAsItWants) {
  const std::string goodbye = folder_.file("goodbye");
  const ToolRun stopped = run_tool_until(
      [&] { return command_runs(); }, SIGTERM, PERFMODEL_KNOBS_TOOL,
      on_this_board({"set", "num_cores=1", "--", "/bin/sh", "-c",
                     "trap 'echo $(cat " + root_ + "/sys/devices/system/cpu/cpu1/online) > " + goodbye +
                         "; exit 0' TERM; " + tell_group_in(group_file_) + "sleep 1000 & sleep 1000 & wait"}));
  EXPECT_EQ(stopped.signal, SIGTERM);
  EXPECT_EQ(read_file(goodbye), "0\n") << "knobs are restored when the command has ended";
  EXPECT_TRUE(is_restored(true));
}

TEST_F(StoppedKnobsTool, EndsAtOnceByASecondSignalOfAnotherKind) {
  const ToolRun stopped =
      run_tool_until([&] { return command_runs(); }, SIGTERM, PERFMODEL_KNOBS_TOOL,
                     on_this_board({"set", "num_cores=1", "--", "/bin/sh", "-c",
                                    "trap '' INT TERM; kill -INT $PPID; " + tell_group_in(group_file_) + kRunOn}));
  EXPECT_EQ(stopped.signal, SIGTERM);
  EXPECT_TRUE(command_is_gone());
  EXPECT_TRUE(is_restored(false));
}

TEST_F(StoppedKnobsTool, LeavesRunningWhatACommandLeft) {
  const ToolRun set = run(
      {"set", "num_cores=1", "--", "/bin/sh", "-c", tell_group_in(group_file_) + "sleep 1000 > /dev/null & exit 0"});
  EXPECT_EQ(set.exit_code, 0) << set.err;
  EXPECT_EQ(num_running_in_group(group_in(group_file_)), 1);
  ::kill(-group_in(group_file_), SIGKILL);
}

TEST_F(StoppedKnobsTool, KeepsRowsOfAMeasurementAndGoesOn) {
  const std::string script = folder_.file("measure.sh"), first = folder_.file("first"), calm = folder_.file("calm");
  std::ofstream(script) << "if [ -e " << first << " ] && [ ! -e " << calm << " ]; then " << tell_group_in(group_file_)
                        << kRunOn << "; fi\ntouch " << first << "\necho latency_ms=1\n";
  for (const int signal : {SIGINT, SIGTERM, SIGKILL}) {
    SCOPED_TRACE(signal);
    const std::string output = folder_.file("rows" + std::to_string(signal) + ".db");
    const std::vector<std::string> arguments =
        on_this_board({"measure", "--knobs", "num_cores", "--command", "/bin/sh " + script, "--warmup", "0",
                       "--repeats", "1", "--output", output, "--json"});
    for (const std::string& file : {group_file_, first, calm}) std::filesystem::remove(file);
    const ToolRun stopped = run_tool_until([&] { return command_runs(); }, signal, PERFMODEL_KNOBS_TOOL, arguments);
    EXPECT_EQ(stopped.signal, signal);
    const bool at_once = signal != SIGKILL;
    if (at_once) {
      EXPECT_THAT(stopped.err, HasSubstr("'" + output + "', the same command goes on"));
    }
    EXPECT_TRUE(command_is_gone());
    EXPECT_TRUE(is_restored(at_once));
    std::ofstream(calm) << "";
    const ToolRun next = run_tool(PERFMODEL_KNOBS_TOOL, arguments);
    ASSERT_EQ(next.exit_code, 0) << next.err;
    EXPECT_EQ(json::parse(last_line(next.out))["resumed"], 1);
    EXPECT_EQ(json::parse(last_line(next.out))["measured"], 3);
    EXPECT_EQ(json::parse(last_line(next.out))["failed"], 0);
    EXPECT_EQ(knob_files(), original_);
  }
}

TEST_F(StoppedKnobsTool, LendsItsTerminalToTheCommand) {
  OnTerminal tool(PERFMODEL_KNOBS_TOOL, on_this_board({"set", "num_cores=1", "--", "/bin/sh", "-c",
                                                       tell_group_in(group_file_) +
                                                           "read word; echo got=$word; read word; echo then=$word"}));
  tool.type("hello\n");
  EXPECT_TRUE(tool.shows("got=hello"));
  tool.type("\x1a");  // nobody could let this session's job go on, so that it does not stop
  tool.type("again\n");
  EXPECT_TRUE(tool.shows("then=again"));
  EXPECT_TRUE(tool.shows("0 failed"));  // and has the terminal back
  EXPECT_EQ(tool.wait(), 0);
  EXPECT_EQ(knob_files(), original_);
}

/// With a command that waits for a line, and says when it goes on.
class StoppedByTheKeyboard : public StoppedKnobsTool {
 protected:
  StoppedByTheKeyboard()
      : shell_(PERFMODEL_KNOBS_TOOL,
               on_this_board({"set", "num_cores=1", "--", "/bin/sh", "-c",
                              tell_group_in(group_file_) + "trap 'echo goes on' CONT; echo ready; "
                                                           "until read word; do :; done; echo got=$word"})) {}

  JobOnTerminal shell_;
};

TEST_F(StoppedByTheKeyboard, StopsWithTheCommandAndGoesOnInTheForeground) {
  ASSERT_TRUE(shell_.shows("ready"));
  shell_.type("\x1a");
  ASSERT_TRUE(shell_.stops()) << "the tool is to stop with its command";
  EXPECT_EQ(process_state(group_in(group_file_)), 'T');
  EXPECT_NE(knob_files(), original_);
  shell_.go_on_in_foreground();
  EXPECT_TRUE(shell_.shows("goes on"));
  shell_.type("hello\n");
  EXPECT_TRUE(shell_.shows("got=hello"));
  EXPECT_EQ(shell_.wait(), 0);
  EXPECT_EQ(knob_files(), original_);
}

TEST_F(StoppedByTheKeyboard, GoesOnInTheBackgroundUntilItReads) {
  ASSERT_TRUE(shell_.shows("ready"));
  shell_.type("\x1a");
  ASSERT_TRUE(shell_.stops());
  shell_.go_on_in_background();
  EXPECT_TRUE(shell_.shows("goes on"));
  ASSERT_TRUE(shell_.stops()) << "its command reads from a terminal that it does not have";
  shell_.go_on_in_foreground();
  shell_.type("hello\n");
  EXPECT_TRUE(shell_.shows("got=hello"));
  EXPECT_EQ(shell_.wait(), 0);
  EXPECT_EQ(knob_files(), original_);
}

TEST_F(StoppedKnobsTool, RestoresWhenTheKeyboardQuitsACommandThatIgnoresInterrupts) {
  OnTerminal tool(PERFMODEL_KNOBS_TOOL, on_this_board({"set", "num_cores=1", "--", "/bin/sh", "-c",
                                                       "ulimit -c 0; trap '' INT; " + tell_group_in(group_file_) +
                                                           "echo ready; exec sleep 1000"}));
  EXPECT_TRUE(tool.shows("ready"));
  EXPECT_TRUE(comes_true([&] { return num_running_in_group(group_in(group_file_), "sleep") == 1; }));
  tool.type("\x03\x03");
  tool.type("\x1c");
  EXPECT_TRUE(tool.shows("was ended by signal 3"));
  const int status = tool.wait();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1);
  EXPECT_EQ(knob_files(), original_);
}

TEST_F(StoppedKnobsTool, EndsByTheKeyboardsSignal) {
  OnTerminal tool(PERFMODEL_KNOBS_TOOL, on_this_board({"set", "num_cores=1", "--", "/bin/sh", "-c",
                                                       tell_group_in(group_file_) + "echo ready; " + kRunOn}));
  EXPECT_TRUE(tool.shows("ready"));
  EXPECT_TRUE(comes_true([&] { return command_runs(); }));
  tool.type("\x03");
  EXPECT_TRUE(tool.shows("stopped by signal 2"));
  const int status = tool.wait();
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
  EXPECT_TRUE(command_is_gone());
  EXPECT_EQ(knob_files(), original_);
}

}  // namespace
}  // namespace perfmodel
