#include "learners.h"

#include <fmt/format.h>

#include <map>
#include <mutex>

#include "convert.h"
#include "guard.h"

namespace capi = perfmodel::capi;

namespace perfmodel::capi {

namespace {

/// The learners of this process by name.
struct Registry {
  std::mutex mutex;
  std::map<std::string, LearnerFactory> factories{
      {"constant", [](const std::string&) -> std::unique_ptr<Learner> { return std::make_unique<ConstantLearner>(); }}};
};

Registry& registry() {
  static Registry instance;
  return instance;
}

}  // namespace

std::vector<std::string> learner_names() {
  Registry& all = registry();
  const std::lock_guard<std::mutex> lock(all.mutex);
  std::vector<std::string> names;
  for (const auto& [name, factory] : all.factories) names.push_back(name);
  return names;
}

std::unique_ptr<Learner> make_learner(const std::string& name, const std::string& preset) {
  LearnerFactory factory = nullptr;
  {
    Registry& all = registry();
    const std::lock_guard<std::mutex> lock(all.mutex);
    const auto found = all.factories.find(name);
    if (found != all.factories.end()) factory = found->second;
  }
  if (factory != nullptr) return factory(preset);
  std::string known;
  for (const std::string& other : learner_names()) known += fmt::format("{}{}", known.empty() ? "" : ", ", other);
  throw Error(
      ErrorCode::kUnsupported,
      fmt::format("learner '{}' is not registered; there are {} (perfmodel_train_register_learners() adds more)", name,
                  known));
}

}  // namespace perfmodel::capi

void perfmodel_shim_register_learner(const char* name, capi::LearnerFactory factory) {
  capi::Registry& all = capi::registry();
  const std::lock_guard<std::mutex> lock(all.mutex);
  all.factories[name] = factory;
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
