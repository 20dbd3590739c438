#include "knob/restorer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "knob/setting_text.h"
#include "knob/settling.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr const char* kOnline = "1";
constexpr int kNumTries = 2;
/// What a device may round a number to that it once told itself.
constexpr double kRestoredTolerance_fraction = 1e-3;

bool is_core(const JournalEntry& entry) {
  return entry.role == SettingRole::kCore;
}

bool was_online(const JournalEntry& entry) {
  return same_setting(entry.prior, kOnline);
}

std::optional<double> number_at(Settings& settings, const std::string& setting) {
  try {
    const std::optional<std::string> text = settings.read(setting);
    return text ? number_in(*text) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

Restorer::Restorer(Settings& settings, const std::vector<JournalEntry>& entries, RestoreScope scope,
                   double max_settle_s)
    : settings_(settings), scope_(scope), max_settle_s_(max_settle_s) {
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) items_.push_back({&*entry, {}, {}});
}

RestoreReport Restorer::run() {
  restore_cores(true);
  restore_others();
  restore_cores(false);
  RestoreReport report;
  for (const Item& item : items_) {
    report.num_restored += item.outcome == Outcome::kWritten ? 1 : 0;
    report.num_unchanged += item.outcome == Outcome::kUnchanged ? 1 : 0;
    if (item.outcome == Outcome::kFailed) report.failures.push_back({item.entry->setting, item.failure});
  }
  return report;
}

void Restorer::restore_cores(bool online) {
  Step cores;
  for (Item& item : items_) {
    if (is_core(*item.entry) && was_online(*item.entry) == online) cores.push_back(&item);
  }
  for (int i = 0; i < kNumTries; ++i) {
    for (Item* core : cores) {
      if (i == 0 || core->outcome == Outcome::kFailed) restore(*core);
    }
  }
  verify(cores);
}

void Restorer::restore_others() {
  std::vector<Step> steps;
  for (Item& item : items_) {
    if (is_core(*item.entry)) continue;
    const auto is_partner = [&](const Step& step) {
      return !item.entry->partner.empty() && step[0]->entry->setting == item.entry->partner;
    };
    // The end that was written first decides when the range is restored.
    const auto found = std::find_if(steps.begin(), steps.end(), is_partner);
    Step step = {&item};
    if (found != steps.end()) {
      step.push_back((*found)[0]);
      steps.erase(found);
    }
    steps.push_back(std::move(step));
  }
  for (Step& step : steps) restore_step(step);
  const auto has_failed = [](const Step& step) {
    return std::any_of(step.begin(), step.end(), [](const Item* item) { return item->outcome == Outcome::kFailed; });
  };
  if (std::any_of(steps.begin(), steps.end(), has_failed)) {
    if (scope_ == RestoreScope::kAll) bring_all_cores_online();
    for (Step& step : steps) {
      if (has_failed(step)) restore_step(step);
    }
  }
  Step all;
  for (const Step& step : steps) all.insert(all.end(), step.begin(), step.end());
  verify(all);
}

/// Files of a core that was offline at first are there only while it is online.
void Restorer::bring_all_cores_online() {
  std::vector<std::string> missing;
  for (const Item& item : items_) {
    if (item.outcome == Outcome::kFailed) missing.push_back(item.entry->setting);
    if (!is_core(*item.entry) || was_online(*item.entry)) continue;
    try {
      if (settings_.read(item.entry->setting) != kOnline) settings_.write(item.entry->setting, kOnline);
    } catch (const Error&) {  // what needs it fails again, and says so
    }
  }
  const auto is_there = [&](const std::string& setting) {
    try {
      return settings_.exists(setting);
    } catch (const Error&) {  // no setting at all
      return true;
    }
  };
  wait_until_settled(settings_.clock(), max_settle_s_,
                     [&] { return std::all_of(missing.begin(), missing.end(), is_there); });
}

void Restorer::restore_step(Step& step) {
  if (step.size() == 2) order_range(step);
  for (Item* item : step) restore(*item);
}

/// The new maximum goes first exactly when the new minimum is above the maximum of the moment.
void Restorer::order_range(Step& step) {
  if (step[0]->entry->role != SettingRole::kMinimum) std::swap(step[0], step[1]);
  const std::optional<double> new_minimum = number_in(step[0]->entry->prior);
  const std::optional<double> maximum = number_at(settings_, step[1]->entry->setting);
  if (new_minimum && maximum && *new_minimum > *maximum) std::swap(step[0], step[1]);
}

bool Restorer::is_wanted(const JournalEntry& entry, const std::optional<std::string>& held) const {
  if (held && selected_word(*held) == entry.prior) return false;
  return scope_ == RestoreScope::kAll || (held && same_setting(*held, entry.set));
}

void Restorer::restore(Item& item) {
  const JournalEntry& entry = *item.entry;
  item.failure.clear();
  std::optional<std::string> held;
  try {
    held = settings_.read(entry.setting);
  } catch (const Error& error) {
    // With kAll it is written all the same; if it is not there, that says so.
    if (scope_ == RestoreScope::kStillSet && error.code() != ErrorCode::kNotFound) {
      item.outcome = Outcome::kFailed;
      item.failure = error.what();
      return;
    }
  }
  if (!is_wanted(entry, held)) {
    if (item.outcome == Outcome::kFailed) item.outcome = Outcome::kUnchanged;
    return;
  }
  try {
    settings_.write(entry.setting, entry.prior);
    item.outcome = Outcome::kWritten;
  } catch (const std::exception& error) {
    item.outcome = Outcome::kFailed;
    item.failure = error.what();
  }
}

void Restorer::verify(const Step& step) {
  const double end_s = settings_.clock().now_s() + max_settle_s_;
  for (Item* item : step) {
    const JournalEntry& entry = *item->entry;
    if (item->outcome != Outcome::kWritten || entry.role == SettingRole::kHeld) continue;
    const auto holds_prior = [&] {
      try {
        const std::optional<std::string> held = settings_.read(entry.setting);
        item->failure = held ? fmt::format("reads back as '{}', not as '{}'", *held, entry.prior) : "";
        return !held || same_setting(*held, entry.prior, kRestoredTolerance_fraction);
      } catch (const Error& error) {
        item->failure = error.what();
        return false;
      }
    };
    const double left_s = std::max(end_s - settings_.clock().now_s(), 0.0);
    if (!wait_until_settled(settings_.clock(), left_s, holds_prior)) item->outcome = Outcome::kFailed;
  }
}

}  // namespace perfmodel
