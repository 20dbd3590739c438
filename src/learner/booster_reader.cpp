#include "learner/booster_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "learner/booster_text.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

/// How a margin becomes a prediction, and base_score, which is kept as a prediction, a margin.
struct Objective {
  const char* name;
  bool is_log;
};
constexpr Objective kObjectives[] = {
    {"count:poisson", true},     {"reg:absoluteerror", false},   {"reg:gamma", true},  {"reg:pseudohubererror", false},
    {"reg:squarederror", false}, {"reg:squaredlogerror", false}, {"reg:tweedie", true}};

bool is_utf8(const std::string& text) {
  try {
    nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

/// Turns what the text says into a model, or says why not.
class BoosterCheck {
 public:
  BoosterCheck(BoosterText text, const std::string& name) : text_(std::move(text)), name_(name) {}

  BoosterModel model() {
    require_known_kind();
    BoosterModel out;
    out.is_log = objective().is_log;
    out.trees = std::move(text_.trees);
    out.trees.num_inputs = number<std::size_t>(text_.num_feature, "num_feature");
    out.trees.base = base_margin(out.is_log);
    out.trees.float32_sums = true;
    if (number<std::size_t>(text_.num_trees, "num_trees") != text_.num_trees_read) {
      corrupt(fmt::format("{} trees, num_trees is {}", text_.num_trees_read, text_.num_trees));
    }
    require_known_features(out.trees);
    out.trees.importance = shares_of_gains(out.trees, text_.gains);
    out.names = std::move(text_.feature_names);
    return out;
  }

 private:
  [[noreturn]] void corrupt(const std::string& what) const {
    throw Error(ErrorCode::kCorrupt, fmt::format("{}: {}", name_, what));
  }
  [[noreturn]] void unsupported(const std::string& what) const {
    throw Error(ErrorCode::kUnsupported, fmt::format("{}: {}", name_, what));
  }

  template <typename T>
  T number(std::string_view text, const char* key) const {
    if (text.empty()) corrupt(fmt::format("'{}' is missing", key));
    T value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);  // whatever the locale
    if (error != std::errc() || end != text.data() + text.size()) {
      corrupt(fmt::format("{} '{}' is not a number", key, shown(text)));
    }
    return value;
  }

  /// What somebody wrote, short enough for a message.
  static std::string shown(std::string_view text) {
    constexpr std::size_t kMaxShown = 60;
    std::string part(text.substr(0, kMaxShown));
    std::replace_if(
        part.begin(), part.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return part;
  }

  void require_known_kind() const {
    if (text_.booster.empty()) corrupt("the name of the booster is missing");
    if (text_.booster != "gbtree") {
      unsupported(fmt::format("booster '{}', only gbtree is known", shown(text_.booster)));
    }
    const auto require_one = [this](const std::string& text, const char* key) {
      if (!text.empty() && number<int>(text, key) > 1) {
        unsupported(fmt::format("{} is {}, only models of one output are known", key, text));
      }
    };
    require_one(text_.num_class, "num_class");
    require_one(text_.num_target, "num_target");
  }

  const Objective& objective() const {
    if (text_.objective.empty()) corrupt("the name of the objective is missing");
    std::string known;
    for (const Objective& objective : kObjectives) {
      if (text_.objective == objective.name) return objective;
      known += fmt::format("{}{}", known.empty() ? "" : ", ", objective.name);
    }
    unsupported(fmt::format("objective '{}' (known: {})", shown(text_.objective), known));
  }

  /// From "5E-1" up to XGBoost 3.0, "[5E-1]" since. XGBoost computes with float32.
  double base_margin(bool is_log) const {
    std::string_view text = text_.base_score;
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
    const auto score = number<float>(text, "base_score");
    const float margin = is_log ? std::log(score) : score;
    if (!std::isfinite(margin)) corrupt(fmt::format("a base_score of {} with {}", score, text_.objective));
    return static_cast<double>(margin);
  }

  void require_known_features(const TreeEnsemble& trees) const {
    const std::size_t num_features = trees.num_inputs;
    if (num_features == 0 || num_features > kMaxBoosterFeatures) {
      corrupt(fmt::format("num_feature is {}, allowed is 1 to {}", num_features, kMaxBoosterFeatures));
    }
    for (const std::int32_t feature : trees.feature) {
      if (feature >= 0 && static_cast<std::size_t>(feature) >= num_features) {
        corrupt(fmt::format("a split of feature {}, there are {}", feature, num_features));
      }
    }
    const std::vector<std::string>& names = text_.feature_names;
    if (!names.empty() && names.size() != num_features) {
      corrupt(fmt::format("{} names for {} features", names.size(), num_features));
    }
    std::set<std::string_view> unique;
    for (const std::string& name : names) {
      if (!is_utf8(name)) corrupt(fmt::format("the feature name '{}' is not UTF-8", shown(name)));
      if (!unique.insert(name).second) corrupt(fmt::format("two features are named '{}'", shown(name)));
    }
  }

  BoosterText text_;
  const std::string& name_;
};

}  // namespace

BoosterModel read_booster(std::string_view text, const std::string& name, std::size_t max_trees) {
  return BoosterCheck(read_booster_text(text, name, max_trees), name).model();
}

}  // namespace perfmodel
