#include "perfmodel/transfer/transfer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "callbacks.h"
#include "convert.h"
#include "handles.h"
#include "learners.h"
#include "structs.h"

namespace capi = perfmodel::capi;

constexpr const char* struct_name(const perfmodel_transfer_problem&) {
  return "perfmodel_transfer_problem";
}
constexpr const char* struct_name(const perfmodel_transfer_options&) {
  return "perfmodel_transfer_options";
}

namespace {

using perfmodel::ConfigSpace;
using perfmodel::Configuration;
using perfmodel::Error;
using perfmodel::ErrorCode;

constexpr std::size_t kMostCandidates = 100000;  // where the caller lists none
constexpr int kMostOrder = 9;                    // of the authors' script

perfmodel_transfer_problem empty_problem() noexcept {
  perfmodel_transfer_problem problem{};
  problem.struct_size = sizeof problem;
  return problem;
}

perfmodel_transfer_options default_options() noexcept {
  const perfmodel::TransferOptions defaults;
  perfmodel_transfer_options options{};
  options.struct_size = sizeof options;
  options.seed = defaults.seed;
  options.budget = defaults.budget;
  options.interval_level = defaults.interval_level;
  options.num_threads = defaults.num_threads;
  options.guided_criterion = PERFMODEL_GUIDED_BY_SIGNIFICANCE;
  options.guided_max_order = defaults.guided_terms.max_order;
  options.guided_significance = defaults.guided_terms.significance;
  return options;
}

perfmodel::StepwiseOptions guided_terms_from_c(const perfmodel_transfer_options& c) {
  using Criterion = perfmodel::StepwiseOptions::Criterion;
  if (c.guided_criterion != PERFMODEL_GUIDED_BY_SIGNIFICANCE && c.guided_criterion != PERFMODEL_GUIDED_BY_AIC) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("guided_criterion is {}, allowed are {} (significance) and {} (AIC)", c.guided_criterion,
                            +PERFMODEL_GUIDED_BY_SIGNIFICANCE, +PERFMODEL_GUIDED_BY_AIC));
  }
  if (c.guided_max_order < 1 || c.guided_max_order > kMostOrder) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("guided_max_order is {}, allowed is 1 to {}", c.guided_max_order, kMostOrder));
  }
  if (!(c.guided_significance > 0 && c.guided_significance <= 1)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("guided_significance is {}, allowed is above 0 to 1", c.guided_significance));
  }
  perfmodel::StepwiseOptions terms;
  terms.criterion = c.guided_criterion == PERFMODEL_GUIDED_BY_AIC ? Criterion::kAic : Criterion::kSignificance;
  terms.max_order = c.guided_max_order;
  terms.significance = c.guided_significance;
  return terms;
}

perfmodel::TransferOptions options_from_c(const perfmodel_transfer_options* given) {
  perfmodel_transfer_options c = default_options();
  if (given != nullptr) c = capi::read_struct(given, given->struct_size, c);
  perfmodel::TransferOptions options;
  options.seed = c.seed;
  options.budget = c.budget;
  options.interval_level = c.interval_level;
  options.num_threads = capi::num_threads_from_c(c.num_threads);
  options.callbacks = capi::callbacks_of(c);
  options.guided_terms = guided_terms_from_c(c);
  return options;
}

std::vector<Configuration> all_feasible(const ConfigSpace& space) {
  std::vector<Configuration> all;
  for (auto index = space.next_feasible(0); index; index = space.next_feasible(*index + 1)) {
    if (all.size() == kMostCandidates) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("the target space has more than {} configurations: candidates must say which of them may "
                              "be measured",
                              kMostCandidates));
    }
    all.push_back(space.at(*index));
  }
  return all;
}

std::vector<Configuration> candidates_from_c(const perfmodel_transfer_problem& c, const ConfigSpace& space) {
  if (c.candidates == nullptr) {
    capi::require(c.num_candidates == 0, "candidates is NULL but num_candidates is not 0");
    return all_feasible(space);
  }
  std::vector<Configuration> candidates;
  for (std::size_t i = 0; i < c.num_candidates; ++i) {
    candidates.push_back(space.from_values({c.candidates + i * space.num_options(), space.num_options()}));
  }
  return candidates;
}

/// What start_transfer() and restore_transfer() take.
struct Start {
  perfmodel::TransferProblem problem;
  perfmodel::Model source_model;
  std::shared_ptr<const perfmodel::Learner> target_learner;
  perfmodel::TransferOptions options;
};

Start start_from_c(const perfmodel_transfer_problem* given, const perfmodel_transfer_options* options) {
  capi::require(given != nullptr, "problem is NULL");
  const perfmodel_transfer_problem c = capi::read_struct(given, given->struct_size, empty_problem());
  capi::require(c.source_space != nullptr && c.source != nullptr && c.source_model != nullptr,
                "source_space, source or source_model of the problem is NULL");
  const ConfigSpace& source_space = c.source_space->impl;
  const ConfigSpace& target_space = c.target_space != nullptr ? c.target_space->impl : source_space;
  return {{source_space, target_space, c.source->impl, candidates_from_c(c, target_space)},
          c.source_model->impl,
          c.target_learner != nullptr ? c.target_learner->impl : capi::make_learner("tree", ""),
          options_from_c(options)};
}

/// @param begin  makes the session from a Start
template <typename Begin>
perfmodel_transfer* make_transfer(Start start, const Begin& begin) {
  auto transfer = std::make_unique<perfmodel_transfer>(
      perfmodel_transfer{nullptr, start.problem.target_space, start.problem.candidates});
  transfer->impl = begin(std::move(start));
  return transfer.release();
}

}  // namespace

perfmodel_status perfmodel_num_strategies(std::size_t* out_num_strategies) noexcept {
  return capi::guard([&] {
    capi::require(out_num_strategies != nullptr, "out_num_strategies is NULL");
    *out_num_strategies = perfmodel::transfer_strategies().size();
  });
}

perfmodel_status perfmodel_strategy_name(std::size_t strategy_index, char* buffer, std::size_t capacity,
                                         std::size_t* out_size) noexcept {
  return capi::guard([&] {
    const std::vector<std::string> names = perfmodel::transfer_strategies();
    if (strategy_index >= names.size()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("strategy_index is {}, there are {} strategies", strategy_index, names.size()));
    }
    capi::copy_string(names[strategy_index], buffer, capacity, out_size);
  });
}

perfmodel_status perfmodel_transfer_problem_init(perfmodel_transfer_problem* problem,
                                                 std::size_t struct_size) noexcept {
  return capi::init_struct(problem, struct_size, empty_problem());
}

perfmodel_status perfmodel_transfer_options_init(perfmodel_transfer_options* options,
                                                 std::size_t struct_size) noexcept {
  return capi::init_struct(options, struct_size, default_options());
}

perfmodel_status perfmodel_transfer_start(const char* strategy, const perfmodel_transfer_problem* problem,
                                          const perfmodel_transfer_options* options,
                                          perfmodel_transfer** out_transfer) noexcept {
  return capi::guard([&] {
    capi::require(strategy != nullptr && out_transfer != nullptr, "strategy or out_transfer is NULL");
    *out_transfer = make_transfer(start_from_c(problem, options), [&](Start start) {
      return start_transfer(strategy, std::move(start.problem), std::move(start.source_model),
                            std::move(start.target_learner), start.options);
    });
  });
}

perfmodel_status perfmodel_transfer_restore(const char* saved, std::size_t size,
                                            const perfmodel_transfer_problem* problem,
                                            const perfmodel_transfer_options* options,
                                            perfmodel_transfer** out_transfer) noexcept {
  return capi::guard([&] {
    capi::require(saved != nullptr && out_transfer != nullptr, "saved or out_transfer is NULL");
    *out_transfer = make_transfer(start_from_c(problem, options), [&](Start start) {
      return restore_transfer({saved, size}, std::move(start.problem), std::move(start.source_model),
                              std::move(start.target_learner), start.options);
    });
  });
}

perfmodel_status perfmodel_transfer_save(const perfmodel_transfer* transfer, char* buffer, std::size_t capacity,
                                         std::size_t* out_size) noexcept {
  return capi::guard([&] {
    capi::require(transfer != nullptr, "transfer is NULL");
    capi::copy_string(transfer->impl->save(), buffer, capacity, out_size);
  });
}

void perfmodel_transfer_destroy(perfmodel_transfer* transfer) noexcept {
  delete transfer;
}

perfmodel_status perfmodel_transfer_num_candidates(const perfmodel_transfer* transfer,
                                                   std::size_t* out_num_candidates) noexcept {
  return capi::guard([&] {
    capi::require(transfer != nullptr && out_num_candidates != nullptr, "transfer or out_num_candidates is NULL");
    *out_num_candidates = transfer->candidates.size();
  });
}

perfmodel_status perfmodel_transfer_candidate(const perfmodel_transfer* transfer, std::size_t candidate,
                                              double* out_values, std::size_t num_values) noexcept {
  return capi::guard([&] {
    capi::require(transfer != nullptr && out_values != nullptr, "transfer or out_values is NULL");
    if (candidate >= transfer->candidates.size()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("candidate {} does not exist; there are {}", candidate, transfer->candidates.size()));
    }
    capi::require_option_count(num_values, transfer->target_space.num_options());
    const std::vector<double> values = transfer->target_space.values(transfer->candidates[candidate]);
    std::copy(values.begin(), values.end(), out_values);
  });
}

perfmodel_status perfmodel_transfer_ask(perfmodel_transfer* transfer, std::size_t count, std::size_t* out_candidates,
                                        std::size_t* out_num_candidates) noexcept {
  return capi::guard([&] {
    capi::require(transfer != nullptr && out_num_candidates != nullptr, "transfer or out_num_candidates is NULL");
    capi::require(count == 0 || out_candidates != nullptr, "out_candidates is NULL");
    const std::vector<std::size_t> asked = transfer->impl->ask(count);
    std::copy(asked.begin(), asked.end(), out_candidates);
    *out_num_candidates = asked.size();
  });
}

perfmodel_status perfmodel_transfer_tell(perfmodel_transfer* transfer, std::size_t candidate, double value) noexcept {
  return capi::guard([&] {
    capi::require(transfer != nullptr, "transfer is NULL");
    transfer->impl->tell(candidate, {value, ""});
  });
}

perfmodel_status perfmodel_transfer_tell_failure(perfmodel_transfer* transfer, std::size_t candidate,
                                                 const char* reason) noexcept {
  return capi::guard([&] {
    capi::require(transfer != nullptr && reason != nullptr, "transfer or reason is NULL");
    capi::require(*reason != '\0', "reason is empty, a failure has one");
    transfer->impl->tell(candidate, {0, reason});
  });
}

perfmodel_status perfmodel_transfer_model(const perfmodel_transfer* transfer, perfmodel_model** out_model) noexcept {
  return capi::guard([&] {
    capi::require(transfer != nullptr && out_model != nullptr, "transfer or out_model is NULL");
    *out_model = new perfmodel_model{transfer->impl->model()};
  });
}

perfmodel_status perfmodel_transfer_explain(const perfmodel_transfer* transfer, char* buffer, std::size_t capacity,
                                            std::size_t* out_size) noexcept {
  return capi::guard([&] {
    capi::require(transfer != nullptr, "transfer is NULL");
    capi::copy_string(fmt::format("{}", fmt::join(transfer->impl->explain(), "\n")), buffer, capacity, out_size);
  });
}
