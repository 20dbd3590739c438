#pragma once

#include "perfmodel/config/config_space.h"
#include "perfmodel_models_c.h"

/// perfmodel_c completes the handle of spaces and exports these for the shims of perfmodel's other libraries; they are
/// no part of the C API.

/// The space of a handle, which owns it.  REQUIRES: space is not NULL.
extern "C" PERFMODEL_C_API const perfmodel::ConfigSpace* perfmodel_shim_space(const perfmodel_space* space) noexcept;
/// A new handle.
/// @throws std::bad_alloc.
extern "C" PERFMODEL_C_API perfmodel_space* perfmodel_shim_new_space(const perfmodel::ConfigSpace& space);
