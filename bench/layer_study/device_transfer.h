#pragma once

#include <string>

#include "device_methods.h"

namespace perfmodel::bench {

/// The model that a strategy of the transfer component (perfmodel/transfer/transfer.h) makes of the measured layers.
///
/// Layers are the configurations, their features the options, with every number that occurs on either device as a
/// level. That asks for few features: those of the paper; the levels of physics features multiply to more than the 2^63
/// points that a config space may have. What is measured is drawn, not asked for. Candidates, over which the strategies
/// standardise, are the measured layers and up to 2 000 of the rest.
/// @param strategy  of transfer_strategies(), but for "gs", which measures a plan of its own and nothing that was drawn
/// @param task      source and target with the same features; a layer that was measured twice counts once
Model transfer_to_device(const std::string& strategy, const DeviceTask& task, const FitOptions& fit);

}  // namespace perfmodel::bench
