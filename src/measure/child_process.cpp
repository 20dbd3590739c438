#include "measure/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "measure/pipe.h"
#include "measure/spawn.h"

namespace perfmodel {
namespace {

constexpr std::size_t kKeptBytes = 65536;
// What a program that never stops writing may keep this one from looking at the clock.
constexpr int kReadsPerLook = 64;
// A child's end alone wakes no poll() on its pipes while something it started holds them open.
constexpr int kLookEvery_ms = 20;

void close_pipe(int& descriptor) {
  if (descriptor >= 0) close(descriptor);
  descriptor = -1;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments, const ProcessSettings& settings) {
  Pipe output, error;
  fcntl(output.read, F_SETFL, O_NONBLOCK);
  fcntl(error.read, F_SETFL, O_NONBLOCK);
  process_ = spawn_program(arguments, settings, {output.write, error.write});
  output_pipe_ = output.release_read();
  error_pipe_ = error.release_read();
}

ChildProcess::~ChildProcess() {
  bury_program(process_);
  close_pipe(output_pipe_);
  close_pipe(error_pipe_);
}

void ChildProcess::drain(int& descriptor, std::string& text) {
  char buffer[16384];
  for (int reads = 0; descriptor >= 0 && reads < kReadsPerLook; ++reads) {
    const ssize_t count = read(descriptor, buffer, sizeof buffer);
    if (count > 0) {
      text.append(buffer, static_cast<std::size_t>(count));
      if (text.size() > 2 * kKeptBytes) text.erase(0, text.size() - kKeptBytes);
    } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
      close_pipe(descriptor);
    } else if (errno == EAGAIN) {
      break;
    }
  }
  if (text.size() > kKeptBytes) text.erase(0, text.size() - kKeptBytes);
}

bool ChildProcess::has_ended() {
  if (ended_) return true;
  siginfo_t end = {};
  if (waitid(P_PID, static_cast<id_t>(process_), &end, WEXITED | WNOHANG | WNOWAIT) != 0) {
    if (errno == EINTR) return false;
    throw_system_error("a program's end cannot be waited for (does this process ignore SIGCHLD?)", errno);
  }
  if (end.si_pid != process_) return false;
  ended_ = true;
  exit_code_ = end.si_code == CLD_EXITED ? end.si_status : -1;
  signal_ = end.si_code == CLD_EXITED ? 0 : end.si_status;
  return true;
}

bool ChildProcess::poll(int timeout_ms) {
  for (int waited_ms = 0;; waited_ms += kLookEvery_ms) {
    const bool ended = has_ended();  // before draining, so that nothing it wrote is missed
    drain(output_pipe_, output_);
    drain(error_pipe_, error_output_);
    if (ended) return true;
    if (waited_ms >= timeout_ms) return false;
    pollfd descriptors[] = {{output_pipe_, POLLIN, 0}, {error_pipe_, POLLIN, 0}};  // -1 is passed over
    ::poll(descriptors, 2, std::min(kLookEvery_ms, timeout_ms - waited_ms));
  }
}

}  // namespace perfmodel
