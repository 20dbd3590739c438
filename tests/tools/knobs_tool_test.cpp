// perfmodel-knobs on the files of a simulated board.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "knobs_tool.h"
#include "perfmodel/core/csv.h"

namespace perfmodel {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kGpuMinimum[] = "/sys/devices/gpu.0/devfreq/gpu.0/min_freq";

TEST_F(KnobsTool, ListsKnobsAndSaysThatTheBoardIsSimulated) {
  const ToolRun listed = run({"list"});
  EXPECT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_THAT(listed.out, HasSubstr("(simulated)"));
  for (const char* name : {"num_cores", "cpu_freq_hz", "gpu_freq_hz", "memory_freq_hz", "batch_size"}) {
    EXPECT_THAT(listed.out, HasSubstr(name));
  }
  EXPECT_THAT(listed.out, HasSubstr("power meter"));
}

TEST_F(KnobsTool, ListsBoardsWithTheReasonOfEach) {
  const ToolRun listed = run_tool(PERFMODEL_KNOBS_TOOL, {"boards", "--root", root_, "--json"});
  EXPECT_EQ(listed.exit_code, 0) << listed.err;
  std::map<std::string, json> boards;
  std::istringstream lines(listed.out);
  for (std::string line; std::getline(lines, line);) {
    const json board = json::parse(line);
    boards[board["board"]] = board;
  }
  ASSERT_EQ(boards.count("simulated_jetson"), 1U);
  EXPECT_TRUE(boards["simulated_jetson"]["fits"]);
  ASSERT_EQ(boards.count("jetson_tx2"), 1U);
  EXPECT_FALSE(boards["jetson_tx2"]["fits"]);
  EXPECT_FALSE(boards["jetson_tx2"]["tested_on_hardware"]);
  EXPECT_NE(boards["jetson_tx2"]["reason"], "");
  ASSERT_EQ(boards.count("process"), 1U);
  EXPECT_FALSE(boards["process"]["fits"]);
  EXPECT_EQ(boards["process"]["reason"], "nothing tells it; on every machine, by --board process");
}

TEST_F(KnobsTool, SetsUntilItIsAskedToRestore) {
  const std::string level = second_gpu_level();
  const ToolRun set = run({"set", "gpu_freq_hz=" + level, "num_cores=2"});
  EXPECT_EQ(set.exit_code, 0) << set.err;
  EXPECT_EQ(read_file(root_ + kGpuMinimum), level);
  EXPECT_EQ(knob("num_cores")["current"], 2);
  const std::string undo = "perfmodel-knobs restore --root " + root_;
  EXPECT_THAT(set.out, HasSubstr("to undo this: " + undo + "\n"));
  EXPECT_THAT(run({"set", "num_cores=1", "--", "/bin/true"}).err, HasSubstr("restore_from_journal() or " + undo));
  const ToolRun restored = run({"restore"});
  EXPECT_EQ(restored.exit_code, 0) << restored.err;
  EXPECT_EQ(knob_files(), original_);
}

TEST_F(KnobsTool, SaysWhereThereIsNoJournalToRestore) {
  const std::string elsewhere = folder_.file("own journal");
  const ToolRun set = run({"set", "num_cores=2", "--journal", elsewhere});
  EXPECT_THAT(set.out, HasSubstr("--journal '" + elsewhere + "'\n"));
  const ToolRun nothing = run({"restore"});
  EXPECT_EQ(nothing.exit_code, 0) << nothing.err;
  EXPECT_EQ(nothing.out, "nothing to restore: no journal at '" + root_ + "/var/lib/perfmodel/knobs.journal'\n");
  EXPECT_NE(knob_files(), original_);
  EXPECT_EQ(run({"restore", "--journal", elsewhere}).exit_code, 0);
  EXPECT_EQ(knob_files(), original_);
}

TEST_F(KnobsTool, TellsWhoListsOfSettingsThatAreNotUndone) {
  EXPECT_THAT(run({"list"}).err, Not(HasSubstr("not undone")));
  EXPECT_EQ(run({"set", "num_cores=2"}).exit_code, 0);
  for (const char* command : {"list", "get"}) {
    std::vector<std::string> arguments = {command};
    if (arguments[0] == "get") arguments.emplace_back("num_cores");
    const ToolRun listed = run(arguments);
    EXPECT_THAT(listed.err, HasSubstr("/knobs.journal' holds 2 settings that process "));
    EXPECT_THAT(listed.err, HasSubstr("to undo them: perfmodel-knobs restore --root " + root_ + "\n"));
  }
}

TEST_F(KnobsTool, SaysThatHandedKnobsAreNotForSet) {
  EXPECT_THAT(run({"list"}).out, HasSubstr("by 'measure'"));
  EXPECT_TRUE(knob("batch_size")["handed"]);
  EXPECT_FALSE(knob("num_cores")["handed"]);
}

TEST_F(KnobsTool, SaysHowToEndADamagedJournal) {
  const std::string path = root_ + "/var/lib/perfmodel/knobs.journal";
  EXPECT_EQ(run({"set", "num_cores=2"}).exit_code, 0);
  std::string journal = read_file(path);
  const std::size_t second_line = journal.find('\n') + 1;
  journal[second_line] = 'x';
  std::ofstream(path) << journal;
  EXPECT_THAT(run({"set", "num_cores=1"}).err, HasSubstr("is damaged in line 2; restore first"));
  const ToolRun restored = run({"restore"});
  EXPECT_EQ(restored.exit_code, 1);
  EXPECT_THAT(restored.err, HasSubstr("restore --forget 'line 2'"));
  EXPECT_TRUE(std::filesystem::exists(path));
  const ToolRun forgotten = run({"restore", "--forget", "line 2"});
  EXPECT_EQ(forgotten.exit_code, 0) << forgotten.err;
  EXPECT_THAT(forgotten.err, HasSubstr("forgotten: line 2: is damaged"));
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(run({"set", "num_cores=1", "--", "/bin/true"}).exit_code, 0);
}

TEST_F(KnobsTool, RaisesNoAlarmWhereAnotherFileIsInTheJournalsPlace) {
  const std::string path = folder_.file("notes");
  std::ofstream(path) << "no journal\n";
  const ToolRun refused = run({"set", "num_cores=2", "--journal", path});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("is no journal of knobs, and stays as it is"));
  EXPECT_THAT(refused.err, Not(HasSubstr("knobs are not as they were found")));
  EXPECT_EQ(knob_files(), original_);
}

TEST_F(KnobsTool, RestoresTheFirstStateAfterSeveralSettings) {
  EXPECT_EQ(run({"set", "num_cores=2"}).exit_code, 0);
  EXPECT_EQ(run({"set", "num_cores=1", "gpu_freq_hz=" + second_gpu_level()}).exit_code, 0);
  EXPECT_EQ(run({"restore", "--json"}).exit_code, 0);
  EXPECT_EQ(knob_files(), original_);
  EXPECT_EQ(run({"restore"}).exit_code, 0) << "nothing to do";
}

TEST_F(KnobsTool, LeavesWhatWasKeptWhenALaterSettingFails) {
  EXPECT_EQ(run({"set", "num_cores=2"}).exit_code, 0);
  const auto kept = knob_files();
  // The GPU's maximum is a folder: what cannot be written, for root neither.
  const std::string maximum = root_ + "/sys/devices/gpu.0/devfreq/gpu.0/max_freq", level = second_gpu_level();
  std::filesystem::rename(maximum, maximum + ".away");
  std::filesystem::create_directory(maximum);
  const ToolRun failed = run({"set", "num_cores=1", "gpu_freq_hz=" + level});
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_THAT(failed.out, HasSubstr("this call failed and is undone: 1 restored, 0 held their values, 0 failed"));
  EXPECT_THAT(failed.err, HasSubstr("gpu_freq_hz"));
  std::filesystem::remove(maximum);
  std::filesystem::rename(maximum + ".away", maximum);
  EXPECT_EQ(knob_files(), kept);
  EXPECT_EQ(run({"restore"}).exit_code, 0);
  EXPECT_EQ(knob_files(), original_);
}

TEST_F(KnobsTool, ForgetsWhatCanNeverBeRestored) {
  EXPECT_EQ(run({"set", "num_cores=2", "gpu_freq_hz=" + second_gpu_level()}).exit_code, 0);
  std::filesystem::remove(root_ + kGpuMinimum);
  const ToolRun unknown = run({"restore", "--forget", "gpu"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("has no setting 'gpu' to forget, but '"));
  const ToolRun forgotten = run({"restore", "--forget", kGpuMinimum});
  EXPECT_EQ(forgotten.exit_code, 0) << forgotten.err;
  EXPECT_THAT(forgotten.err, HasSubstr(std::string("forgotten: ") + kGpuMinimum + ": "));
  EXPECT_THAT(run({"restore", "--forget", kGpuMinimum}).err, HasSubstr("to forget, it has none"));
}

TEST_F(KnobsTool, SetsForAsLongAsACommandRuns) {
  const std::string level = second_gpu_level();
  const ToolRun set = run({"set", "gpu_freq_hz=" + level, "--", "/bin/cat", root_ + kGpuMinimum});
  EXPECT_EQ(set.exit_code, 0) << set.err;
  EXPECT_EQ(set.out, level) << "standard output is the command's";
  EXPECT_THAT(set.err, HasSubstr("gpu_freq_hz = " + level));
  EXPECT_THAT(set.err, HasSubstr("2 restored, 0 held their values, 0 failed"));
  EXPECT_EQ(knob_files(), original_);
}

TEST_F(KnobsTool, SaysWhichSignalEndedTheCommand) {
  const ToolRun set = run({"set", "num_cores=1", "--", "/bin/sh", "-c", "kill -9 $$"});
  EXPECT_EQ(set.exit_code, 1);
  EXPECT_THAT(set.err, HasSubstr("'/bin/sh' was ended by signal 9 (Killed)"));
  EXPECT_EQ(knob_files(), original_);
}

TEST_F(KnobsTool, TriesAgainWhatCannotBeRestoredAtOnce) {
  const std::string gpu = root_ + "/sys/devices/gpu.0/devfreq/gpu.0", away = folder_.file("away");
  const std::string back_after_a_while = "mv " + gpu + " " + away + "; (sleep 3; mv " + away + " " + gpu + ") &";
  const ToolRun set = run({"set", "gpu_freq_hz=" + second_gpu_level(), "--", "/bin/sh", "-c", back_after_a_while});
  EXPECT_EQ(set.exit_code, 0) << set.err;
  EXPECT_THAT(set.err, HasSubstr("0 restored, 0 held their values, 2 failed\nwhat failed is tried again"));
  EXPECT_THAT(set.err, HasSubstr("now all is restored"));
  EXPECT_EQ(knob_files(), original_);
}

TEST_F(KnobsTool, RestoresWhenTheCommandFails) {
  const ToolRun set = run({"set", "num_cores=1", "--", "/bin/false"});
  EXPECT_EQ(set.exit_code, 1);
  EXPECT_THAT(set.err, HasSubstr("'/bin/false' ended with exit code 1"));
  EXPECT_EQ(knob_files(), original_);
}

TEST_F(KnobsTool, UndoesWhatWasSetWhenTheMachineWentDown) {
  const std::string boot = root_ + "/proc/sys/kernel/random/boot_id", script = folder_.file("measure.sh");
  std::ofstream(script) << "echo latency_ms=1\n";
  const std::vector<std::vector<std::string>> commands = {
      {"set", "num_cores=1", "--", "/bin/true"},
      {"measure", "--knobs", "num_cores", "--command", "/bin/sh " + script, "--output", folder_.file("rows.db")}};
  for (const std::vector<std::string>& command : commands) {
    ASSERT_EQ(run({"set", "num_cores=2"}).exit_code, 0);
    const ToolRun refused = run(command);
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("and did not undo; restore first"));
    std::ofstream(boot, std::ios::app) << "-again";
    const ToolRun started = run(command);
    EXPECT_EQ(started.exit_code, 0) << started.err;
    EXPECT_THAT(started.err,
                HasSubstr("knobs were set when the machine went down: 2 restored, 0 held no more, 0 failed"));
    EXPECT_EQ(knob_files(), original_);
  }
}

TEST_F(KnobsTool, ListsAsWritableWhatSetWouldSet) {
  EXPECT_EQ(run({"set", "num_cores=2"}).exit_code, 0);
  EXPECT_TRUE(knob("gpu_freq_hz")["writable"]) << "'set' goes on with the journal";
  std::ofstream(root_ + "/proc/sys/kernel/random/boot_id", std::ios::app) << "-again";
  EXPECT_THAT(knob("gpu_freq_hz")["why_not"], HasSubstr("is of an earlier start of the machine"));
}

TEST_F(KnobsTool, RefusesWhatIsGivenToProgramsBeforeItWrites) {
  const std::string path = root_ + "/var/lib/perfmodel/knobs.journal";
  const ToolRun refused = run({"set", "num_cores=1", "batch_size=4"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("knob 'batch_size' is given to programs that are measured"));
  EXPECT_EQ(refused.out, "") << "nothing had to be undone";
  EXPECT_EQ(knob_files(), original_);
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(KnobsTool, RefusesWhatCannotBe) {
  struct Bad {
    std::vector<std::string> arguments;
    int exit_code;
    const char* says;
  };
  const std::vector<Bad> all = {
      {{"set", "gpu_freq_hz=17"}, 1, "option 'gpu_freq_hz': '17' is not an allowed level"},
      {{"set", "fan=1"}, 2, "board 'simulated_jetson' has no knob 'fan', but num_cores"},
      {{"set", "num_cores=1", "num_cores=2"}, 2, "knob 'num_cores' is given twice"},
      {{"set", "num_cores"}, 2, "'num_cores' is no setting, allowed is NAME=VALUE"},
      {{"set", "=2"}, 2, "'=2' is no setting, allowed is NAME=VALUE"},
      {{"get", "fan"}, 1, "fan"},
      {{"set"}, 2, "KNOB=VALUE"},
      {{"set", "num_cores=2", "--"}, 2, "is followed by no command"},
      {{"list", "--", "/bin/true"}, 2, "only 'set' runs a command"},
      {{"set", "batch_size=4", "--", "/bin/true"}, 1, "knob 'batch_size' is given to programs that are measured"},
      {{"watch", "--interval", "0"}, 2, "--interval"},
      {{"measure", "--command", "true"}, 2, "--knobs or --space"},
      {{"measure", "--knobs", "num_cores", "--command", "x", "--cool-to", "20"},
       1,
       "--cool-to: the board is simulated"},
      {{"measure", "--knobs", "num_cores", "--command", "x", "--idle", "1"}, 1, "--idle: the board is simulated"},
  };
  for (const Bad& bad : all) {
    const ToolRun refused = run(bad.arguments);
    EXPECT_EQ(refused.exit_code, bad.exit_code) << bad.says;
    EXPECT_THAT(refused.err, HasSubstr(bad.says));
    EXPECT_EQ(knob_files(), original_);
  }
  const ToolRun no_board = run_tool(PERFMODEL_KNOBS_TOOL, {"list", "--board", "pinwheel"});
  EXPECT_EQ(no_board.exit_code, 1);
  EXPECT_THAT(no_board.err, HasSubstr("'pinwheel' is no file that is there, nor a built-in board ("));
  const ToolRun no_command = run_tool(PERFMODEL_KNOBS_TOOL, {"dance"});
  EXPECT_EQ(no_command.exit_code, 2);
  EXPECT_THAT(no_command.err, HasSubstr("'dance' is no subcommand, allowed are boards, list, "));
  const ToolRun no_root = run_tool(PERFMODEL_KNOBS_TOOL, {"list", "--root", folder_.file("nowhere")});
  EXPECT_EQ(no_root.exit_code, 2);
  EXPECT_THAT(no_root.err, HasSubstr("--root"));
  EXPECT_EQ(run_tool(PERFMODEL_KNOBS_TOOL, {"boards", "--board", "process"}).exit_code, 2);
}

TEST_F(KnobsTool, WatchesForACountOfLines) {
  const ToolRun watched = run({"watch", "--count", "2", "--interval", "0.01", "--json"});
  EXPECT_EQ(watched.exit_code, 0) << watched.err;
  const json line = json::parse(last_line(watched.out));
  EXPECT_GT(line["gpu_freq_hz"], 0);
  EXPECT_GT(line["temperature_celsius"], 0);
}

TEST_F(KnobsTool, MeasuresConfigurationsAndGoesOn) {
  const std::string output = folder_.file("rows.db"), csv = folder_.file("rows.csv");
  const std::string command = std::string(PERFMODEL_KNOBS_TOOL) + " simulate " + root_ + " --workload vgg16";
  const std::vector<std::string> arguments = {"measure",
                                              "--knobs",
                                              "num_cores,gpu_freq_hz,batch_size",
                                              "--command",
                                              command,
                                              "--objective",
                                              "latency_ms,mean_watts",
                                              "--count",
                                              "5",
                                              "--repeats",
                                              "2",
                                              "--output",
                                              output,
                                              "--csv",
                                              csv,
                                              "--json"};
  const ToolRun first = run(arguments);
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(json::parse(last_line(first.out))["measured"], 5);
  EXPECT_THAT(first.err, HasSubstr("the board is simulated"));
  EXPECT_THAT(first.err, Not(HasSubstr("ran at"))) << "the clock of another configuration's run";
  const CsvTable rows = read_csv(csv);
  int num_ok = 0;
  for (std::size_t row = 0; row < rows.rows.size(); ++row) {
    EXPECT_EQ(rows.text(row, rows.column_index("effective_gpu_freq_hz")), "");
    if (rows.text(row, rows.column_index("status")) != "ok") continue;  // batches for which memory is too small
    EXPECT_GT(rows.number(row, rows.column_index("mean_watts")), 0);
    ++num_ok;
  }
  EXPECT_GT(num_ok, 0);
  const ToolRun second = run(arguments);
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_EQ(json::parse(last_line(second.out))["measured"], 0);
  EXPECT_EQ(knob_files(), original_);
}

TEST_F(KnobsTool, TellsWhyConfigurationsFailedAndMeasuresThemAgain) {
  const std::string script = folder_.file("measure.sh");
  std::vector<std::string> arguments = {
      "measure", "--knobs",   "num_cores", "--command", "/bin/sh " + script,     "--warmup",
      "0",       "--repeats", "1",         "--output",  folder_.file("rows.db"), "--json"};
  std::ofstream(script) << "case $1 in *=1) exit 3;; esac; echo time_ms=1\n";
  const ToolRun all = run(arguments);
  EXPECT_EQ(all.exit_code, 1);
  EXPECT_THAT(all.err, HasSubstr("no configuration is measured: all failed"));
  const json line = json::parse(last_line(all.out));
  const std::size_t num_levels = knob("num_cores")["levels"].size();
  EXPECT_EQ(line["failed"], num_levels);
  ASSERT_EQ(line["failures"].size(), 2u);
  EXPECT_EQ(line["failures"][0]["count"], num_levels - 1);
  EXPECT_THAT(line["failures"][0]["reason"], HasSubstr("did not answer 'latency_ms'"));
  EXPECT_EQ(line["failures"][1]["count"], 1);
  EXPECT_THAT(line["failures"][1]["reason"], HasSubstr("exit code 3"));
  EXPECT_THAT(all.err, HasSubstr("1 x " + line["failures"][1]["reason"].get<std::string>()));

  std::ofstream(script) << "case $1 in *=1) exit 4;; esac; echo latency_ms=1\n";  // all but one are mended
  EXPECT_EQ(json::parse(last_line(run(arguments).out))["measured"], 0) << "failures are kept";
  arguments.push_back("--retry-failed");
  const ToolRun again = run(arguments);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  const json retried = json::parse(last_line(again.out));
  EXPECT_EQ(retried["measured"], num_levels);
  EXPECT_EQ(retried["resumed"], 0);
  EXPECT_EQ(retried["failed"], 1);
  EXPECT_THAT(retried["failures"][0]["reason"], HasSubstr("exit code 4")) << "the last reason is told";
  EXPECT_EQ(json::parse(last_line(run(arguments).out))["resumed"], num_levels - 1);
  EXPECT_EQ(knob_files(), original_);
}

TEST_F(KnobsTool, DoesNothingInADryRun) {
  const std::string output = folder_.file("dry.db");
  const ToolRun dry =
      run({"measure", "--knobs", "num_cores", "--command", "/bin/false", "--dry-run", "--output", output});
  EXPECT_EQ(dry.exit_code, 0) << dry.err;
  EXPECT_EQ(knob_files(), original_);
}

}  // namespace
}  // namespace perfmodel
