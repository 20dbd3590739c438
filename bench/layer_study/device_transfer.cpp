#include "device_transfer.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "network_data.h"
#include "perfmodel/transfer/transfer.h"

namespace perfmodel::bench {
namespace {

constexpr std::size_t kMostOthers = 2000;

/// One option per feature, its levels all numbers that occur.
ConfigSpace space_of(const DeviceTask& task) {
  std::vector<Option> options;
  const std::vector<std::string>& names = task.measured.feature_names();
  for (std::size_t j = 0; j < names.size(); ++j) {
    std::set<double> levels;
    for (const MatrixView<const double>& rows : {task.source_rows.features(), task.measured.features(), task.rest}) {
      for (std::size_t i = 0; i < rows.rows(); ++i) levels.insert(rows(i, j));
    }
    options.push_back(Option::ordinal(names[j], {levels.begin(), levels.end()}));
  }
  return ConfigSpace(std::move(options));
}

}  // namespace

Model transfer_to_device(const std::string& strategy, const DeviceTask& task, const FitOptions& fit) {
  const ConfigSpace space = space_of(task);
  std::set<std::uint64_t> seen;
  std::vector<Configuration> candidates;
  const auto add = [&](Span<const double> layer) {
    const Configuration configuration = space.from_values(layer);
    const bool is_new = seen.insert(space.index_of(configuration)).second;
    if (is_new) candidates.push_back(configuration);
    return is_new;
  };
  std::vector<double> times;  // of the first candidates
  for (std::size_t i = 0; i < task.measured.num_rows(); ++i) {
    if (add(task.measured.features().row(i))) times.push_back(task.measured.targets()[i]);
  }
  for (std::size_t i = 0; i < std::min(task.rest.rows(), kMostOthers); ++i) add(task.rest.row(i));

  TransferOptions options;
  options.seed = fit.seed;
  options.budget = times.size();
  options.interval_level = fit.interval_level;
  options.num_threads = fit.num_threads;
  options.callbacks = fit.callbacks;
  const std::unique_ptr<TransferSession> session =
      start_transfer(strategy, {space, space, task.source_rows, std::move(candidates)}, task.source,
                     layer_learner("xgboost"), options);
  for (std::size_t i = 0; i < times.size(); ++i) session->tell(i, {times[i], ""});
  return session->model();
}

}  // namespace perfmodel::bench
