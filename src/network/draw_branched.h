#pragma once

#include "perfmodel/core/random.h"
#include "perfmodel/network/layer.h"

namespace perfmodel {

/// A layer of any kind in the forms that networks with branches and attention have: convolutions mostly depthwise or in
/// groups, dense layers mostly over tokens, pooling from the wide ranges. It may be invalid or of any cost: callers
/// check.
LayerSpec draw_branched(LayerKind kind, Random& random);

}  // namespace perfmodel
