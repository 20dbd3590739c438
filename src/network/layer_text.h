#pragma once

#include <string>

#include "perfmodel/network/layer.h"
#include "perfmodel/network/network.h"

namespace perfmodel {

/// "3" for a square, else "3x5" (height, width).
std::string to_text(Size2 size);
/// "1" when all sides agree, else "[0, 1, 0, 1]" (top, bottom, left, right).
std::string to_text(const Pads& pads);
/// "1x64x56x56": batch, channels, height, width.
std::string to_text(TensorShape shape);

}  // namespace perfmodel
