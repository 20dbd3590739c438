#include "perfmodel/measure/command.h"

#include <fmt/format.h>
#include <signal.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <string_view>
#include <system_error>

#include "measure/child_process.h"
#include "measure/command_script.h"
#include "measure/program_absent.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr int kAskEvery_ms = 100;
constexpr std::string_view kBlanks = " \t\r\n";
constexpr int kNotExecutable = 126, kNoSuchCommand = 127;  // exit codes of the shell
constexpr int kShellSignal = 128;                          // added to the signal that ended a program of the shell
constexpr int kLastPlainSignal = 31;
constexpr std::string_view kSeparators = ";&|";  // of the shell's commands

std::string last_line(const std::string& text) {
  const std::size_t end = text.find_last_not_of(kBlanks);
  if (end == std::string::npos) return {};
  const std::size_t newline = text.find_last_of('\n', end);
  const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
  return text.substr(begin, end + 1 - begin);
}

/// How it ended, for people.
std::string end_of(const ChildProcess& child) {
  const auto who_kills = [](int signal) {
    return signal == SIGKILL ? ", as the system does where memory runs out" : "";
  };
  if (child.signal() != 0) return fmt::format("was killed by signal {}{}", child.signal(), who_kills(child.signal()));
  const int signal = child.exit_code() - kShellSignal;
  if (signal <= 0 || signal > kLastPlainSignal) return fmt::format("ended with exit code {}", child.exit_code());
  return fmt::format("ended with exit code {}, the shell's for signal {}{}", child.exit_code(), signal,
                     who_kills(signal));
}

void require_success(const ChildProcess& child, const std::string& command) {
  if (child.exit_code() == 0) return;
  const std::string words = last_line(child.error_output());
  const std::string message =
      fmt::format("the measuring command {}{}{}", end_of(child), words.empty() ? "" : ": ", words);
  // A program that was started may end with these codes, too.
  const bool is_absent = child.exit_code() == kNoSuchCommand || child.exit_code() == kNotExecutable;
  if (!is_absent || !lacks_program(command)) throw Error(ErrorCode::kIo, message);
  throw ProgramAbsent(child.exit_code() == kNoSuchCommand ? ErrorCode::kNotFound : ErrorCode::kPermission, message);
}

double to_number(const std::string& text, const std::string& line) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [parsed, error] = std::from_chars(text.data(), end, value);  // whatever the locale
  if (error == std::errc() && parsed == end && std::isfinite(value)) return value;
  throw Error(ErrorCode::kParse,
              fmt::format("the measuring command answered '{}': '{}' is not a finite number", line, text));
}

std::map<std::string, double> parse_answer(const std::string& output) {
  const std::string line = last_line(output);
  std::map<std::string, double> values;
  std::size_t begin = line.find_first_not_of(kBlanks);
  while (begin != std::string::npos) {
    const std::size_t end = line.find_first_of(kBlanks, begin);
    const std::string word = line.substr(begin, end == std::string::npos ? end : end - begin);
    const std::size_t equals = word.find('=');
    const std::string name = equals == std::string::npos ? "" : word.substr(0, equals);
    const double value = to_number(equals == std::string::npos ? word : word.substr(equals + 1), line);
    if (!values.emplace(name, value).second) {
      throw Error(ErrorCode::kParse, fmt::format("the measuring command answered '{}': {} is there twice", line,
                                                 name.empty() ? "a number without a name" : "'" + name + "'"));
    }
    begin = end == std::string::npos ? end : line.find_first_not_of(kBlanks, end);
  }
  if (values.empty()) {
    throw Error(ErrorCode::kParse,
                "the measuring command answered nothing; its last line must be name=number pairs or "
                "one number");
  }
  return values;
}

}  // namespace

void check_measuring_command(const MeasuringCommand& command) {
  const std::size_t end = command.command.find_last_not_of(kBlanks);
  if (end == std::string::npos) throw Error(ErrorCode::kInvalidArgument, "the measuring command is empty");
  if (kSeparators.find(command.command[end]) != std::string_view::npos) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the measuring command '{}' ends with '{}', it must end with the program that takes the "
                            "configuration as arguments",
                            command.command, command.command[end]));
  }
  if (!(command.timeout_s > 0)) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("timeout_s is {}, more than 0 is allowed", command.timeout_s));
  }
}

std::map<std::string, double> run_measuring_command(
    const MeasuringCommand& command, const std::vector<std::pair<std::string, std::string>>& configuration,
    const std::function<bool()>& cancelled, const ProcessSettings& settings) {
  check_measuring_command(command);
  // The configuration arrives as arguments, which no shell takes apart.
  std::vector<std::string> arguments = {"/bin/sh", "-c", command_script(command.command), "measure"};
  for (const auto& [name, value] : configuration) arguments.push_back(fmt::format("{}={}", name, value));

  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  ChildProcess child(arguments, settings);
  while (!child.poll(kAskEvery_ms)) {
    if (cancelled && cancelled()) throw Error(ErrorCode::kCancelled, "measuring was cancelled");
    if (std::chrono::duration<double>(Clock::now() - start).count() > command.timeout_s) {
      throw Error(ErrorCode::kTimeout,
                  fmt::format("the measuring command did not end within {} s and was killed", command.timeout_s));
    }
  }
  require_success(child, command.command);
  return parse_answer(child.output());
}

}  // namespace perfmodel
