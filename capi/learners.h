#pragma once

#include <memory>
#include <string>
#include <vector>

#include "perfmodel/learner/registry.h"
#include "perfmodel_c.h"

namespace perfmodel::capi {

std::vector<std::string> learner_names();

/// @param json  its options, as LearnerRegistry takes them
/// @throws Error kUnsupported: nobody registered that name; the message lists those there are; and what the learner's
///         factory throws.
std::unique_ptr<Learner> make_learner(const std::string& name, const std::string& json);

/// The learner with one of its presets; "default" is there for all.
/// @throws Error as make_learner(); kInvalidArgument: no such preset.
std::unique_ptr<Learner> make_learner_of_preset(const std::string& name, const std::string& preset);

}  // namespace perfmodel::capi

/// Adds a learner to those of this process, or replaces the one of that name. perfmodel_c exports it for the shims of
/// perfmodel's other libraries; it is no part of the C API.
/// @param has_presets  whether its options in JSON have "preset"
/// @throws std::bad_alloc.
extern "C" PERFMODEL_C_API void perfmodel_shim_register_learner(const char* name,
                                                                const perfmodel::LearnerRegistry::Factory& factory,
                                                                bool has_presets);
