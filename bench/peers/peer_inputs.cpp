#include "peer_inputs.h"

#include <fmt/format.h>

#include <cstring>

#include "core/file.h"
#include "perfmodel/core/error.h"

namespace perfmodel {

PeerTable read_table(const std::string& path) {
  constexpr std::size_t kRowBytes = (kPeerFeatures + 1) * sizeof(double);
  const std::string file = read_file(path);
  if (file.empty() || file.size() % kRowBytes != 0) {
    throw Error(ErrorCode::kCorrupt, fmt::format("{}: {} bytes, expected rows of {}", path, file.size(), kRowBytes));
  }
  PeerTable table;
  table.num_rows = file.size() / kRowBytes;
  double row[kPeerFeatures + 1];
  for (std::size_t i = 0; i < table.num_rows; ++i) {
    std::memcpy(row, file.data() + i * kRowBytes, kRowBytes);
    table.features.insert(table.features.end(), row, row + kPeerFeatures);
    table.targets.push_back(row[kPeerFeatures]);
  }
  table.single_features.assign(table.features.begin(), table.features.end());
  return table;
}

}  // namespace perfmodel
