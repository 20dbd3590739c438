#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "perfmodel/network/layer.h"
#include "perfmodel/network/network.h"

namespace perfmodel {

/// In which order a tensor between two layers holds its batch x channels x height x width.
struct TensorForm {
  enum class Order {
    kFlat,    ///< batch x (channels, height, width)
    kImage,   ///< batch x channels x height x width
    kTokens,  ///< batch x positions x channels; positions are height x width
    kHeads,   ///< batch x heads x positions x channels of a head
  };
  Order order = Order::kImage;
  std::int64_t heads = 1;  ///< of kHeads
};
inline bool operator==(TensorForm a, TensorForm b) noexcept {
  return a.order == b.order && a.heads == b.heads;
}

/// The form in which `layer` takes all its inputs and gives its output, if the first input comes as `given`: an image
/// for convolution and pooling, flat for a dense layer on all values, tokens for what works position by position, heads
/// for attention; what works element by element takes what comes.
TensorForm working_form(const LayerSpec& layer, TensorForm given);

/// How a layer's inputs come to it when nothing is before it: in its working form, but to a matrix product as the dense
/// layers of an attention leave them, so that splitting the heads is its work.
TensorForm form_given_alone(const LayerSpec& layer);

/// How a network's inputs come to it, in order: as images, or as tokens where the first layer that reads one works on
/// those.
std::vector<TensorForm> input_forms(const Network& network);

/// The dimension of the channels, or of those of a head.
std::int64_t channel_dim(TensorForm form);

std::vector<std::int64_t> sizes_in(TensorForm form, TensorShape shape);

/// One operator that looks at a tensor in another way, and copies it where that cannot be had otherwise.
struct ViewStep {
  enum class Kind { kFlatten, kUnsqueeze, kSwap, kReshape };
  Kind kind;
  std::int64_t dim = 0;                  ///< of kFlatten (from there on) and kUnsqueeze; kSwap swaps it and the next
  std::vector<std::int64_t> sizes = {};  ///< of kReshape
};

/// What makes form `to` of form `from`; nothing where they are one.
std::vector<ViewStep> steps_between(TensorForm from, TensorForm to, TensorShape shape);
at::Tensor apply(const std::vector<ViewStep>& steps, at::Tensor tensor);
/// The same as a TorchScript expression on `variable`.
std::string script_of(const std::vector<ViewStep>& steps, const std::string& variable);

/// How a layer looks at what it takes.
struct InputViews {
  TensorForm working;
  std::vector<std::vector<ViewStep>> steps;  ///< of each input, from the form in which it comes to the working form
  bool transposed = false;                   ///< of a matrix product: its second input
};
InputViews views_alone(const LayerSpec& layer);
/// Of each node, in the order of Network::nodes().
std::vector<InputViews> views_in(const Network& network);

}  // namespace perfmodel
