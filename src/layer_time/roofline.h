#pragma once

#include "perfmodel/data/dataset.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

/// Bounds a model of layer times from below by what the device did at its fastest: no answer is less than the layer's
/// floating-point operations, or the bytes of its input, output or weights, take at 1.5 times the highest rate seen in
/// `training` (one row in 1000 faster than all others is taken for a mistake). It tells where a model extrapolates to
/// the impossible. Nothing changes where `training` describes layers without flops and bytes. Source: Williams,
/// Waterman and Patterson, "Roofline" (2009).
Model with_roofline(const Model& model, const Dataset& training);

}  // namespace perfmodel
