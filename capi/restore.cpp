#include "driver_options.h"
#include "perfmodel/knob/knob_guard.h"
#include "structs.h"
#include "text.h"

namespace capi = perfmodel::capi;

using perfmodel::RestoreReport;

struct perfmodel_guard_process {
  perfmodel::GuardProcess impl;
};

constexpr const char* struct_name(const perfmodel_driver_options&) {
  return "perfmodel_driver_options";
}
constexpr const char* struct_name(const perfmodel_restore_report&) {
  return "perfmodel_restore_report";
}

namespace {

/// Runs `restore` and tells what it did.
template <typename Restore>
void report(const Restore& restore, perfmodel_restore_failure on_failure, void* user_data,
            perfmodel_restore_report* out_report) {
  const std::size_t struct_size = out_report == nullptr ? 0 : capi::checked_size(out_report);
  const RestoreReport done = restore();
  for (const auto* failures : {&done.failures, &done.forgotten}) {
    for (const RestoreReport::Failure& failure : *failures) {
      if (on_failure != nullptr) on_failure(failure.what.c_str(), failure.reason.c_str(), user_data);
    }
  }
  if (out_report == nullptr) return;
  const perfmodel_restore_report told{sizeof told, done.num_restored, done.num_unchanged, done.failures.size(),
                                      done.forgotten.size()};
  capi::write_struct(told, out_report, struct_size);
}

}  // namespace

perfmodel_driver_options perfmodel::capi::default_driver_options() noexcept {
  const double max_settle_s = KnobDriverOptions().max_settle_s;
  return {sizeof(perfmodel_driver_options), "/", nullptr, "libnvidia-ml.so.1", 0, 0, max_settle_s, nullptr};
}

perfmodel::KnobDriverOptions perfmodel::capi::driver_options_from_c(const perfmodel_driver_options* given) {
  perfmodel_driver_options c = default_driver_options();
  if (given != nullptr) c = read_struct(given, given->struct_size, c);
  require(c.root != nullptr && c.nvml_library != nullptr, "root or nvml_library of the options is NULL");
  KnobDriverOptions options;
  options.root = c.root;
  if (c.journal_path != nullptr) options.journal_path = c.journal_path;
  options.nvml_library = c.nvml_library;
  options.unfinished_journal = c.continue_journal != 0 ? UnfinishedJournal::kContinue : UnfinishedJournal::kRefuse;
  options.accept_pinned = c.accept_pinned != 0;
  options.max_settle_s = c.max_settle_s;
  if (c.simulated != nullptr) {
    options.root = c.simulated->impl.root();
    options.clock = c.simulated->impl.clock();
  }
  return options;
}

perfmodel_status perfmodel_driver_options_init(perfmodel_driver_options* options, std::size_t struct_size) noexcept {
  return capi::init_struct(options, struct_size, capi::default_driver_options());
}

perfmodel_status perfmodel_restore_report_init(perfmodel_restore_report* report, std::size_t struct_size) noexcept {
  return capi::init_struct(report, struct_size, {});
}

perfmodel_status perfmodel_driver_restore(perfmodel_driver* driver, perfmodel_restore_failure on_failure,
                                          void* user_data, perfmodel_restore_report* out_report) noexcept {
  return capi::guard([&] {
    capi::require(driver != nullptr, "driver is NULL");
    report([&] { return driver->impl.restore(); }, on_failure, user_data, out_report);
  });
}

perfmodel_status perfmodel_driver_roll_back(perfmodel_driver* driver, perfmodel_restore_failure on_failure,
                                            void* user_data, perfmodel_restore_report* out_report) noexcept {
  return capi::guard([&] {
    capi::require(driver != nullptr, "driver is NULL");
    report([&] { return driver->impl.roll_back(); }, on_failure, user_data, out_report);
  });
}

perfmodel_status perfmodel_restore_from_journal(const perfmodel_driver_options* options,
                                                perfmodel_restore_failure on_failure, void* user_data,
                                                perfmodel_restore_report* out_report) noexcept {
  return perfmodel_restore_and_forget(options, nullptr, 0, on_failure, user_data, out_report);
}

perfmodel_status perfmodel_restore_and_forget(const perfmodel_driver_options* options, const char* const* settings,
                                              std::size_t num_settings, perfmodel_restore_failure on_failure,
                                              void* user_data, perfmodel_restore_report* out_report) noexcept {
  return capi::guard([&] {
    const perfmodel::KnobDriverOptions opened = capi::driver_options_from_c(options);
    const std::vector<std::string> forget = capi::names_from_c(settings, num_settings, "settings");
    report([&] { return perfmodel::restore_from_journal(opened, forget); }, on_failure, user_data, out_report);
  });
}

perfmodel_status perfmodel_restore_after_restart(const perfmodel_driver_options* options,
                                                 perfmodel_restore_failure on_failure, void* user_data,
                                                 perfmodel_restore_report* out_report) noexcept {
  return capi::guard([&] {
    const perfmodel::KnobDriverOptions opened = capi::driver_options_from_c(options);
    const auto restore = [&] { return perfmodel::restore_after_restart(opened).value_or(RestoreReport()); };
    report(restore, on_failure, user_data, out_report);
  });
}

perfmodel_status perfmodel_guard_process_start(const perfmodel_driver_options* options,
                                               perfmodel_guard_process** out_guard) noexcept {
  return capi::guard([&] {
    capi::require(out_guard != nullptr, "out_guard is NULL");
    *out_guard = new perfmodel_guard_process{perfmodel::GuardProcess(capi::driver_options_from_c(options))};
  });
}

void perfmodel_guard_process_watch_group(const perfmodel_guard_process* guard, std::int32_t group) noexcept {
  if (guard != nullptr) guard->impl.watch_group(group);
}

void perfmodel_guard_process_leave_group(const perfmodel_guard_process* guard, std::int32_t group) noexcept {
  if (guard != nullptr) guard->impl.leave_group(group);
}

void perfmodel_guard_process_end(perfmodel_guard_process* guard) noexcept {
  if (guard != nullptr) guard->impl.finish();
  delete guard;
}
