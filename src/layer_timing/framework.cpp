#include "layer_timing/framework.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <new>

#include "perfmodel/core/error.h"
#include "perfmodel/train/layer_benchmark.h"

namespace perfmodel {
namespace {

// TorchScript's interpreter puts a traceback of its own before the words of the operator that threw.
std::string first_line_of_reason(const std::string& words) {
  constexpr const char* kReasonMark = "RuntimeError: ";
  const std::size_t mark = words.rfind(kReasonMark);
  const std::size_t begin = mark == std::string::npos ? 0 : mark + std::char_traits<char>::length(kReasonMark);
  return words.substr(begin, words.find('\n', begin) - begin);
}

[[noreturn]] void throw_refused(const std::string& what, const std::string& words) {
  const std::string reason = first_line_of_reason(words);
  const bool memory =
      reason.find("allocate memory") != std::string::npos || reason.find("out of memory") != std::string::npos;
  if (memory) throw Error(ErrorCode::kOutOfMemory, fmt::format("{}: {}", what, reason));
  throw Error(ErrorCode::kUnsupported, fmt::format("{}: the framework refuses it: {}", what, reason));
}

}  // namespace

PreparedLayer::~PreparedLayer() = default;
PreparedNetwork::~PreparedNetwork() = default;
Framework::~Framework() = default;

std::vector<std::string> layer_frameworks() {
  return {"eager", "optimized"};
}

std::unique_ptr<Framework> make_framework(const std::string& name, DeviceKind device, WeightPool& pool) {
  if (name == "eager") return make_eager_framework(device, pool);
  if (name == "optimized") return make_optimized_framework(device, pool);
  throw Error(ErrorCode::kUnsupported,
              fmt::format("framework '{}' is not in this build ({})", name, fmt::join(layer_frameworks(), ", ")));
}

void require_operator(const LayerSpec& layer) {
  if (layer.kind == LayerKind::kPool2d && layer.pool_kind == PoolKind::kAverage && !(layer.dilation == Size2{1, 1})) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("{}: average pooling has no dilation in LibTorch", describe(layer)));
  }
}

std::vector<std::size_t> output_nodes(const Network& network) {
  const std::vector<NetworkNode>& nodes = network.nodes();
  std::vector<std::size_t> outputs;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool used = std::any_of(nodes.begin(), nodes.end(), [&](const NetworkNode& node) {
      return std::find(node.inputs.begin(), node.inputs.end(), nodes[i].name) != node.inputs.end();
    });
    if (!used) outputs.push_back(i);
  }
  return outputs;
}

void rethrow_as_error(const std::string& what) {
  try {
    throw;
  } catch (const Error&) {
    throw;
  } catch (const c10::Error& error) {
    throw_refused(what, error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::kOutOfMemory, fmt::format("{}: memory ran out", what));
  } catch (const std::exception& error) {
    throw_refused(what, error.what());
  }
}

}  // namespace perfmodel
