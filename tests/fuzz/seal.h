#pragma once

#include <string>

namespace perfmodel {

/// The model file that a hostile program would send for a broken one: the same content with all checksums made right,
/// that of the file and those of each part's tensors. As it was where it is too broken to have any.
///
/// Without this nothing that is changed at random would get past the checksums.
std::string seal(const std::string& file);

/// Gives `load` the file, and where its checksums are not right once more with right ones.
template <typename Load>
void load_also_sealed(const std::string& file, const Load& load) {
  load(file);
  const std::string sealed = seal(file);
  if (sealed != file) load(sealed);
}

}  // namespace perfmodel
