#include "learner/run_tasks.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace perfmodel {

void run_tasks(std::size_t num_tasks, int num_threads,
               const std::function<void(std::size_t task, std::size_t worker)>& work,
               const std::function<void(std::size_t num_done)>& between) {
  std::atomic<std::size_t> next{0}, num_done{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto run = [&](std::size_t worker) {
    try {
      for (std::size_t task = next++; task < num_tasks; task = next++) {
        work(task, worker);
        const std::size_t done = ++num_done;
        if (worker == 0) between(done);
      }
    } catch (...) {
      next = num_tasks;  // nobody begins another
      const std::lock_guard<std::mutex> lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };

  std::vector<std::thread> others;
  const std::size_t num_workers = std::min(num_tasks, static_cast<std::size_t>(num_threads));
  others.reserve(num_workers);  // a failure to grow would leave threads running
  try {
    for (std::size_t worker = 1; worker < num_workers; ++worker) others.emplace_back(run, worker);
  } catch (const std::system_error&) {
    // no more threads to be had: those there are do the work
  }
  run(0);
  for (std::thread& other : others) other.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace perfmodel
