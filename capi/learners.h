#pragma once

#include <memory>
#include <string>
#include <vector>

#include "perfmodel/learner/learner.h"
#include "perfmodel_c.h"

namespace perfmodel::capi {

/// Makes a learner with one of its presets.  @throws Error kInvalidArgument: no such preset.
using LearnerFactory = std::unique_ptr<Learner> (*)(const std::string& preset);

std::vector<std::string> learner_names();

/// @throws Error kUnsupported: nobody registered that name; the message lists those there are.
std::unique_ptr<Learner> make_learner(const std::string& name, const std::string& preset);

}  // namespace perfmodel::capi

/// Adds a learner to those that perfmodel_predictor_fit() takes. perfmodel_c exports it for the shims of perfmodel's
/// other libraries; it is no part of the C API.  @throws std::bad_alloc.
extern "C" PERFMODEL_C_API void perfmodel_shim_register_learner(const char* name,
                                                                perfmodel::capi::LearnerFactory factory);
