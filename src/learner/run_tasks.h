#pragma once

#include <cstddef>
#include <functional>

namespace perfmodel {

/// Runs work(task, worker) once for every task in 0..num_tasks-1, on the calling thread (worker 0) and up to
/// num_threads - 1 others. After each task of its own the calling thread calls between(tasks done so far). What either
/// throws ends all work and is thrown here.
void run_tasks(std::size_t num_tasks, int num_threads,
               const std::function<void(std::size_t task, std::size_t worker)>& work,
               const std::function<void(std::size_t num_done)>& between);

}  // namespace perfmodel
