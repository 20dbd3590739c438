#pragma once

#include <functional>
#include <string>
#include <vector>

namespace perfmodel {

/// What a program did.
struct ToolRun {
  int exit_code = -1;
  std::string out, err;
  int signal = 0;  ///< that ended it
};

/// Runs a program with arguments, standard input empty, and waits for its end.
ToolRun run_tool(const std::string& program, const std::vector<std::string>& arguments);

/// The same with standard output on /dev/full, where every write fails; `out` stays empty.
ToolRun run_tool_on_full_disk(const std::string& program, const std::vector<std::string>& arguments);

/// The same, sending `signal` once `is_time` says so, which is asked some times a second. exit_code is -1 when it died
/// of that.
ToolRun run_tool_until(const std::function<bool()>& is_time, int signal, const std::string& program,
                       const std::vector<std::string>& arguments);

/// A folder of its own for files of the running test, made empty.
std::string test_folder();

/// The last line of a text, without its line end.
std::string last_line(const std::string& text);

}  // namespace perfmodel
