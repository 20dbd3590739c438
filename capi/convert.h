#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel_c.h"
#include "text.h"

namespace perfmodel::capi {

/// The C struct of a layer of this library's version, and back.
/// @param index  of the layer in the caller's array, for messages
/// @throws Error kInvalidArgument: an enum value that does not exist; names the layer, the field and what is allowed.
LayerSpec layer_from_c(const perfmodel_layer& layer, std::size_t index);
perfmodel_layer layer_to_c(const LayerSpec& layer) noexcept;

perfmodel_time_estimate to_c(const TimeEstimate& estimate) noexcept;
perfmodel_layer_time to_c(const LayerTime& time) noexcept;
perfmodel_network_time to_c(const NetworkTotal& time) noexcept;

/// @throws Error kInvalidArgument: no layer kind, no phase.
LayerKind kind_from_c(std::int32_t kind);
Phase phase_from_c(std::int32_t phase);

/// @throws Error kMismatch: not as many numbers as there are options.
void require_option_count(std::size_t num_values, std::size_t num_options);

}  // namespace perfmodel::capi
