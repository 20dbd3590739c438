#pragma once

#include <cstdint>
#include <string>

#include "perfmodel/network/network.h"

namespace perfmodel {

struct EncoderSizes {
  std::int64_t num_tokens, channels, num_heads, hidden_channels;
};

/// Attention with as many heads, an addition and a normalisation; then two dense layers with GELU between, an addition
/// and a normalisation. Takes "tokens", batch x channels x tokens x 1. REQUIRES: num_heads divides channels.
Network encoder_block(const std::string& name, std::int64_t batch, const EncoderSizes& sizes);

}  // namespace perfmodel
