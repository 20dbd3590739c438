#pragma once

#include "perfmodel/core/csv.h"

namespace perfmodel::tools {

/// What a table of measured times holds, by its columns.
enum class TableKind {
  kCampaign,       ///< layers in three phases, as `measure` exports them: candidate
  kTimedNetworks,  ///< networks timed from end to end: net_id and layers
  kNetworks,       ///< networks layer by layer: network and op
  kCalls,          ///< layers as whole calls: batchsize, and no more of the above
  kUnknown,
};
TableKind table_kind(const CsvTable& csv) noexcept;

/// @throws Error kMismatch: a table of another kind: says what it holds, and which command and option take it. One of
///         unknown columns passes: what reads it says which are missing.
void require_table_kind(const CsvTable& csv, TableKind wanted);

}  // namespace perfmodel::tools
