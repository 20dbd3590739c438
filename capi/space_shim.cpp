#include "space_shim.h"

#include "handles.h"

const perfmodel::ConfigSpace* perfmodel_shim_space(const perfmodel_space* space) noexcept {
  return &space->impl;
}

perfmodel_space* perfmodel_shim_new_space(const perfmodel::ConfigSpace& space) {
  return new perfmodel_space{space};
}
