#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "perfmodel/measure/command.h"

namespace perfmodel {

/// A program in a process group of its own, nothing on its standard input. Killed with its group on destruction.
class ChildProcess {
 public:
  /// @param arguments  the program's path first.
  /// @throws Error kIo: it cannot be started; of settings as run_measuring_command().
  explicit ChildProcess(const std::vector<std::string>& arguments, const ProcessSettings& settings = {});
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Takes what it has written, waiting for that or its end for at most `timeout_ms`.  @return whether it has ended.
  bool poll(int timeout_ms);

  /// Of what was written, the last 64 KiB.
  const std::string& output() const noexcept { return output_; }
  const std::string& error_output() const noexcept { return error_output_; }
  /// How it ended.  REQUIRES: poll() said that it has.
  int exit_code() const noexcept { return exit_code_; }  ///< -1: a signal ended it
  int signal() const noexcept { return signal_; }        ///< 0: none did

 private:
  void drain(int& descriptor, std::string& text);
  bool has_ended();

  pid_t process_ = -1;
  int output_pipe_ = -1, error_pipe_ = -1;
  bool ended_ = false;
  int exit_code_ = -1, signal_ = 0;
  std::string output_, error_output_;
};

}  // namespace perfmodel
