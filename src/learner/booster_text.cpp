#include "learner/booster_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/json.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

using nlohmann::json;

constexpr std::string_view kTree = "/learner/gradient_booster/model/trees/*";

/// Takes what is wanted from a text as it is read, a tree at a time.
class BoosterHandler final : public nlohmann::json_sax<json> {
 public:
  BoosterHandler(std::size_t num_bytes, const std::string& name, std::size_t max_trees, BoosterText& out)
      : num_bytes_(num_bytes), name_(name), max_trees_(max_trees), out_(out) {}

  bool null() override { return count_value(); }
  bool boolean(bool value) override { return add(value ? 1 : 0); }  // "default_left" before XGBoost 1.6
  bool number_integer(number_integer_t value) override { return add(static_cast<double>(value)); }
  bool number_unsigned(number_unsigned_t value) override { return add(static_cast<double>(value)); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool binary(binary_t&) override { return count_value(); }

  bool string(string_t& value) override {
    if (path_ == "/learner/feature_names/*") {
      if (out_.feature_names.size() == kMaxBoosterFeatures) {
        fail(fmt::format("more than {} feature names", kMaxBoosterFeatures));
      }
      out_.feature_names.push_back(std::move(value));
    } else if (std::string* const text = text_at(path_)) {
      *text = std::move(value);
    }
    return count_value();
  }

  bool start_object(std::size_t) override { return open(); }
  bool start_array(std::size_t) override {
    open();
    find_numbers();
    path_ += "/*";
    return true;
  }
  bool key(string_t& key) override {
    path_.resize(ends_.back());
    path_ += '/';
    path_ += key;
    return true;
  }
  bool end_array() override { return close(); }
  bool end_object() override {
    close();
    if (path_ == kTree) end_tree();
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    fail(fmt::format("damaged at byte {}", position));
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::kCorrupt, fmt::format("{}: {}", name_, what));
  }

  /// UBJSON has values of no bytes, and lists of any number of them.
  bool count_value() {
    if (++num_values_ > num_bytes_) fail("damaged: more values than bytes");
    return true;
  }

  bool open() {
    if (ends_.size() == kMaxJsonDepth) fail(fmt::format("nested deeper than {} levels", kMaxJsonDepth));
    ends_.push_back(path_.size());
    integers_ = nullptr;
    floats_ = nullptr;
    return count_value();
  }

  bool close() {
    path_.resize(ends_.back());
    ends_.pop_back();
    integers_ = nullptr;
    floats_ = nullptr;
    return true;
  }

  /// Where the numbers of the array that begins here go.
  void find_numbers() {
    if (path_.compare(0, kTree.size(), kTree) != 0) return;
    const std::string_view key = std::string_view(path_).substr(kTree.size());
    if (key == "/left_children") integers_ = &tree_.left;
    if (key == "/right_children") integers_ = &tree_.right;
    if (key == "/split_indices") integers_ = &tree_.feature;
    if (key == "/default_left") integers_ = &tree_.default_left;
    if (key == "/split_type") integers_ = &tree_.kind;
    if (key == "/split_conditions") floats_ = &tree_.condition;
    if (key == "/loss_changes") floats_ = &tree_.gain;
  }

  bool add(double value) {
    if (integers_ != nullptr) {
      constexpr double kLeast = std::numeric_limits<std::int32_t>::min();
      constexpr double kMost = std::numeric_limits<std::int32_t>::max();
      if (!(value >= kLeast && value <= kMost && value == std::trunc(value))) {
        fail(fmt::format("tree {}: {} where a whole number of 32 bits belongs", out_.num_trees_read, value));
      }
      integers_->push_back(static_cast<std::int32_t>(value));
    } else if (floats_ != nullptr) {
      constexpr double kMost = std::numeric_limits<float>::max();
      if (!(std::abs(value) <= kMost)) {
        fail(fmt::format("tree {}: {} where a finite float32 belongs", out_.num_trees_read, value));
      }
      floats_->push_back(static_cast<float>(value));
    }
    return count_value();
  }

  std::string* text_at(std::string_view path) {
    if (path == "/learner/gradient_booster/name") return &out_.booster;
    if (path == "/learner/gradient_booster/model/gbtree_model_param/num_trees") return &out_.num_trees;
    if (path == "/learner/learner_model_param/base_score") return &out_.base_score;
    if (path == "/learner/learner_model_param/num_class") return &out_.num_class;
    if (path == "/learner/learner_model_param/num_feature") return &out_.num_feature;
    if (path == "/learner/learner_model_param/num_target") return &out_.num_target;
    if (path == "/learner/objective/name") return &out_.objective;
    return nullptr;
  }

  void end_tree() {
    const std::size_t index = out_.num_trees_read++;
    if (index < max_trees_) append_tree(tree_, fmt::format("{}: tree {}", name_, index), out_.trees, out_.gains);
    for (auto* values : {&tree_.left, &tree_.right, &tree_.feature, &tree_.default_left, &tree_.kind}) values->clear();
    tree_.condition.clear();
    tree_.gain.clear();
  }

  const std::size_t num_bytes_;
  const std::string& name_;
  const std::size_t max_trees_;
  BoosterText& out_;
  BoosterTree tree_;                               ///< the one that is being read
  std::vector<std::int32_t>* integers_ = nullptr;  ///< of the array that is being read, where its numbers are wanted
  std::vector<float>* floats_ = nullptr;
  std::string path_;               ///< of the value that comes next; an element of an array is "*"
  std::vector<std::size_t> ends_;  ///< of the paths of the containers that are open
  std::size_t num_values_ = 0;
};

/// JSON goes on with blanks, a key or nothing after its first brace, UBJSON with the type of a length.
json::input_format_t format_of(std::string_view text, const std::string& name) {
  if (text.size() < 2 || text.front() != '{') {
    throw Error(ErrorCode::kCorrupt,
                fmt::format("{}: neither JSON nor UBJSON (XGBoost's old binary format is not read)", name));
  }
  const bool is_json = std::string_view(" \t\r\n\"}").find(text[1]) != std::string_view::npos;
  return is_json ? json::input_format_t::json : json::input_format_t::ubjson;
}

}  // namespace

BoosterText read_booster_text(std::string_view text, const std::string& name, std::size_t max_trees) {
  BoosterText out;
  BoosterHandler handler(text.size(), name, max_trees, out);
  json::sax_parse(text, &handler, format_of(text, name));
  return out;
}

}  // namespace perfmodel
