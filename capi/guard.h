#pragma once

#include <exception>
#include <new>
#include <stdexcept>

#include "perfmodel/core/error.h"
#include "perfmodel_c.h"

/// Keeps `message` as the thread's last error and returns `status`. perfmodel_c exports it for the shims of perfmodel's
/// other libraries, so that all share one error; it is no part of the C API.
extern "C" PERFMODEL_C_API perfmodel_status perfmodel_shim_report(perfmodel_status status,
                                                                  const char* message) noexcept;

namespace perfmodel::capi {

/// Runs `body` and turns what it throws into a status and the thread's last error. The only `try` of the C API.
template <typename Body>
perfmodel_status guard(Body&& body) noexcept {
  try {
    body();
    return PERFMODEL_OK;
  } catch (const Error& error) {
    return perfmodel_shim_report(static_cast<perfmodel_status>(error.code()), error.what());
  } catch (const std::bad_alloc&) {
    return perfmodel_shim_report(PERFMODEL_ERROR_OUT_OF_MEMORY, "out of memory");
  } catch (const std::length_error&) {  // what containers throw when no memory could ever hold so many elements
    return perfmodel_shim_report(PERFMODEL_ERROR_OUT_OF_MEMORY, "out of memory: more elements than memory can hold");
  } catch (const std::exception& error) {
    return perfmodel_shim_report(PERFMODEL_ERROR_INTERNAL, error.what());
  } catch (...) {
    return perfmodel_shim_report(PERFMODEL_ERROR_INTERNAL, "an exception that is no std::exception");
  }
}

/// @throws Error kInvalidArgument with `message` unless `condition` holds.
inline void require(bool condition, const char* message) {
  if (!condition) throw Error(ErrorCode::kInvalidArgument, message);
}

}  // namespace perfmodel::capi
