#include "learners.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <mutex>
#include <set>

#include "convert.h"
#include "guard.h"

namespace capi = perfmodel::capi;

namespace perfmodel::capi {

namespace {

/// The learners of this process.
struct Learners {
  std::mutex mutex;
  LearnerRegistry registry = builtin_learners();
  std::set<std::string> with_presets;
};

Learners& learners() {
  static Learners instance;
  return instance;
}

/// What they are now: factories are called without the lock, as they may take their time.
LearnerRegistry current_registry() {
  Learners& all = learners();
  const std::lock_guard<std::mutex> lock(all.mutex);
  return all.registry;
}

bool has_presets(const std::string& name) {
  Learners& all = learners();
  const std::lock_guard<std::mutex> lock(all.mutex);
  return all.with_presets.count(name) > 0;
}

/// Whether JSON can hold the text as it is.
bool is_plain_text(const std::string& text) {
  const auto is_plain = [](unsigned char c) { return c >= ' ' && c < 127 && c != '"' && c != '\\'; };
  return std::all_of(text.begin(), text.end(), is_plain);
}

}  // namespace

std::vector<std::string> learner_names() {
  return current_registry().names();
}

std::unique_ptr<Learner> make_learner(const std::string& name, const std::string& json) {
  const LearnerRegistry registry = current_registry();
  const std::vector<std::string> names = registry.names();
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    throw Error(
        ErrorCode::kUnsupported,
        fmt::format("learner '{}' is not registered; there are {} (perfmodel_train_register_learners() adds more)",
                    name, fmt::join(names, ", ")));
  }
  return registry.make(name, json);
}

std::unique_ptr<Learner> make_learner_of_preset(const std::string& name, const std::string& preset) {
  if (has_presets(name) && is_plain_text(preset))
    return make_learner(name, fmt::format(R"({{"preset": "{}"}})", preset));
  std::unique_ptr<Learner> learner = make_learner(name, "");
  if (preset == "default") return learner;
  throw Error(ErrorCode::kInvalidArgument, fmt::format("learner '{}' has no preset '{}'", name, preset));
}

}  // namespace perfmodel::capi

void perfmodel_shim_register_learner(const char* name, const perfmodel::LearnerRegistry::Factory& factory,
                                     bool has_presets) {
  capi::Learners& all = capi::learners();
  const std::lock_guard<std::mutex> lock(all.mutex);
  all.registry.add(name, factory);
  if (has_presets) all.with_presets.insert(name);
}

perfmodel_status perfmodel_num_learners(std::size_t* out_num_learners) noexcept {
  return capi::guard([&] {
    capi::require(out_num_learners != nullptr, "out_num_learners is NULL");
    *out_num_learners = capi::learner_names().size();
  });
}

perfmodel_status perfmodel_learner_name(std::size_t learner_index, char* buffer, std::size_t capacity,
                                        std::size_t* out_size) noexcept {
  return capi::guard([&] {
    const std::vector<std::string> names = capi::learner_names();
    if (learner_index >= names.size()) {
      throw perfmodel::Error(perfmodel::ErrorCode::kInvalidArgument,
                             fmt::format("learner_index is {}, there are {} learners", learner_index, names.size()));
    }
    capi::copy_string(names[learner_index], buffer, capacity, out_size);
  });
}
