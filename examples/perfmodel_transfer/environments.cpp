#include "environments.h"

#include <cstdio>
#include <utility>

#include "campaign_table.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/transfer/indicator_learner.h"

namespace perfmodel::tools {
namespace {

CsvTable read_good_rows(const std::string& path) {
  CsvTable table = read_csv(path);
  if (!is_campaign_table(table)) return table;
  const std::size_t num_rows = table.rows.size();
  const std::size_t num_failed = keep_good_rows(table);
  if (num_failed > 0) {
    std::fprintf(stderr, "%s: %zu of %zu rows failed and are left out\n", path.c_str(), num_failed, num_rows);
  }
  return table;
}

MeasuredTable read_table(const std::string& path, const CsvTable& table, ConfigSpace space,
                         const TransferToolOptions& options) {
  MeasuredTable measured = measured_table(path, table, std::move(space), options.objective);
  if (measured.num_repeats > 0) {
    std::fprintf(stderr, "%s: %zu rows repeat a configuration; the mean of its rows is taken\n", path.c_str(),
                 measured.num_repeats);
  }
  if (!measured.not_positive.empty()) {
    const std::size_t num_more = measured.not_positive.size() - 1;
    std::fprintf(stderr, "%s%s; errors in percent and strategies that take the logarithm need more than 0\n",
                 measured.not_positive.front().c_str(),
                 num_more > 0 ? (" (and " + std::to_string(num_more) + " more)").c_str() : "");
  }
  return measured;
}

}  // namespace

MeasuredTable read_source(const TransferToolOptions& options) {
  const CsvTable table = read_good_rows(options.source);
  const bool is_like_target = options.source_space.empty() && !options.space.empty();
  return read_table(options.source, table,
                    is_like_target ? space_like(table, ConfigSpace::read(options.space))
                                   : space_of(table, options.source_space, options.objective, options.ignored),
                    options);
}

MeasuredTable read_target(const TransferToolOptions& options, const std::string& path) {
  const CsvTable table = read_good_rows(path);
  return read_table(path, table, space_of(table, options.space, options.objective, options.ignored), options);
}

Model fit_source(const LearnerPair& learner, const TransferProblem& problem, const TransferToolOptions& options,
                 const Callbacks& callbacks) {
  FitOptions fit;
  fit.seed = options.seed;
  fit.num_threads = options.num_threads;
  fit.interval_level = 0;
  fit.callbacks = callbacks;
  return make_indicator_learner(learner.source, problem.source_space)->fit(problem.source, fit);
}

}  // namespace perfmodel::tools
