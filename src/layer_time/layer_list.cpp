#include "layer_time/layer_list.h"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr std::int64_t kMaxSize = 2147483647;

// One layer of the list: its letters and its numbers.
struct Part {
  std::string_view text, letters;
  std::vector<std::int64_t> numbers;
};

// What layers of some letters look like.
struct PartForm {
  std::string_view letters;
  std::size_t num_sizes, num_flags;  // sizes, from 1, come first; then 0 or 1
};
constexpr PartForm kForms[] = {{"IN", 3, 0}, {"C", 6, 3}, {"P", 5, 1}, {"FC", 4, 2}};

class ListReader {
 public:
  ListReader(LayerSizes sizes, const std::string& place) : sizes_(sizes), place_(place) {}

  LayerList read(std::string_view text) {
    LayerList list;
    while (true) {
      const std::size_t end = text.find(';');
      const Part part = split(text.substr(0, end));
      if (part.letters == "IN") {
        begin(part);
      } else {
        const LayerSpec layer = next(part);
        if (layer.output().height < 1 || layer.output().width < 1) return {{}, "an empty output"};
        list.layers.push_back(checked(layer, part));
        size_ = layer.output().height;
        channels_ = layer.channels_out;
      }
      if (end == std::string_view::npos) break;
      text.remove_prefix(end + 1);
    }
    if (list.layers.empty()) throw Error(ErrorCode::kParse, place_ + ": layers hold an input and nothing else");
    return list;
  }

 private:
  [[noreturn]] void reject(const Part& part, const std::string& says) const {
    throw Error(ErrorCode::kParse, fmt::format("{}: layer '{}': {}", place_, part.text, says));
  }

  Part split(std::string_view text) const {
    Part part{text, text.substr(0, text.find(':')), {}};
    const PartForm* form = nullptr;
    for (const PartForm& each : kForms) {
      if (part.letters == each.letters) form = &each;
    }
    if (form == nullptr || part.letters.size() == text.size()) reject(part, "allowed are IN:, C:, P: and FC:");
    const char *at = text.data() + part.letters.size() + 1, *const end = text.data() + text.size();
    while (at != end) {
      if (*at == ' ') {
        ++at;
        continue;
      }
      std::int64_t& number = part.numbers.emplace_back();
      const auto [after, error] = std::from_chars(at, end, number);
      if (error != std::errc() || (after != end && *after != ' ')) reject(part, "numbers are whole, a blank between");
      at = after;
    }
    check_numbers(part, *form);
    return part;
  }

  void check_numbers(const Part& part, const PartForm& form) const {
    const std::size_t count = form.num_sizes + form.num_flags;
    if (part.numbers.size() != count) {
      reject(part, fmt::format("{} numbers, {} takes {}", part.numbers.size(), form.letters, count));
    }
    for (std::size_t i = 0; i < count; ++i) {
      const bool is_size = i < form.num_sizes;
      if (part.numbers[i] >= (is_size ? 1 : 0) && part.numbers[i] <= (is_size ? kMaxSize : 1)) continue;
      reject(part, fmt::format("number {} is {}, allowed are {}", i + 1, part.numbers[i],
                               is_size ? fmt::format("1 to {}", kMaxSize) : "0 and 1"));
    }
  }

  void begin(const Part& part) {
    if (batch_ != 0) reject(part, "a second input");
    batch_ = part.numbers[0];
    size_ = part.numbers[1];
    channels_ = part.numbers[2];
  }

  // The layer of a part that comes after what was read so far.
  LayerSpec next(const Part& part) const {
    const std::vector<std::int64_t>& n = part.numbers;
    if (batch_ == 0) reject(part, "comes before the input (IN)");
    if (n[0] != batch_) reject(part, fmt::format("batch size {} after an input of {}", n[0], batch_));
    if (part.letters == "FC") return dense_layer(n);
    if (n[2] != channels_) reject(part, fmt::format("{} channels in, {} come", n[2], channels_));
    const std::int64_t size = sizes_ == LayerSizes::kFromInput ? size_ : n[1];
    const bool is_conv = part.letters == "C";
    LayerSpec layer = is_conv ? conv2d(batch_, size, n[2], n[3], n[4], n[5]) : pool2d(batch_, size, n[2], n[3], n[4]);
    if (n[is_conv ? 6 : 5] == 1) layer.pads = same_pads(layer.input, layer.kernel, layer.stride);
    if (is_conv) set_end(layer, n[7], n[8]);
    return layer;
  }

  LayerSpec dense_layer(const std::vector<std::int64_t>& n) const {
    const bool follows = sizes_ == LayerSizes::kFromInput;
    LayerSpec layer = dense(batch_, follows ? channels_ : n[1] * n[2], n[3]);
    if (follows) layer.input = {size_, size_};
    set_end(layer, n[4], n[5]);
    return layer;
  }

  static void set_end(LayerSpec& layer, std::int64_t activation, std::int64_t bias) {
    layer.activation = activation == 1 ? Activation::kRelu : Activation::kNone;
    layer.bias = bias == 1;
  }

  const LayerSpec& checked(const LayerSpec& layer, const Part& part) const {
    try {
      layer.validate();
    } catch (const Error& error) {
      reject(part, error.what());
    }
    return layer;
  }

  const LayerSizes sizes_;
  const std::string& place_;
  std::int64_t batch_ = 0, size_ = 0, channels_ = 0;  // of what the next layer takes; batch 0: no input yet
};

}  // namespace

LayerList parse_layer_list(const std::string& text, LayerSizes sizes, const std::string& place) {
  return ListReader(sizes, place).read(text);
}

}  // namespace perfmodel
