#pragma once

#include <cstdint>

#include "perfmodel/network/network.h"

namespace perfmodel {

/// Built-in networks with branches: 224 x 224 pictures, 1000 classes.

/// He et al., "Deep residual learning for image recognition", 2016, as torchvision has them: a stride of 2 is on the
/// 3 x 3 convolution. 11 689 512 and 25 557 032 parameters.
Network resnet18(std::int64_t batch);
Network resnet50(std::int64_t batch);

/// Sandler et al., "MobileNetV2: inverted residuals and linear bottlenecks", 2018, width 1. 3 504 872 parameters.
Network mobilenetv2(std::int64_t batch);

/// Iandola et al., "SqueezeNet", 2016, the lighter version 1.1. 1 235 496 parameters.
Network squeezenet(std::int64_t batch);

/// One encoder block of a Transformer (Vaswani et al., 2017) of the size of BERT-base (Devlin et al., 2019): 128 tokens
/// of 768 channels, 12 heads, 3072 hidden channels, GELU, normalisation after each addition. The scores' division by
/// the root of a head's channels counts as part of the queries' weights. 7 087 872 parameters.
Network transformer_encoder(std::int64_t batch);

}  // namespace perfmodel
