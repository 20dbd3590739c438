#pragma once

#include "perfmodel/core/random.h"
#include "perfmodel/network/layer.h"
#include "perfmodel/network/layer_sampler.h"

namespace perfmodel {

/// A layer of `kind` from the ranges. It may be invalid (a kernel larger than its input) or of any cost: callers check.
LayerSpec draw_from_ranges(SamplingRanges ranges, LayerKind kind, Random& random);

/// A layer like `model`: other batch size, channels (of a group, where it has groups) within a factor of 1.7, sides
/// within 1.5, now and then another kernel. It may be invalid, or `model` again: callers check.
LayerSpec draw_around(const LayerSpec& model, Random& random);

}  // namespace perfmodel
