#include "table_kind.h"

#include "perfmodel/core/error.h"
#include "perfmodel/layer_time/network_table.h"

namespace perfmodel::tools {
namespace {

const char* holds(TableKind kind) {
  switch (kind) {
    case TableKind::kCampaign:
      return "a campaign's layers in three phases";
    case TableKind::kTimedNetworks:
      return "networks timed from end to end";
    case TableKind::kNetworks:
      return "networks layer by layer";
    case TableKind::kCalls:
      return "layers as whole calls";
    case TableKind::kUnknown:
      break;
  }
  return "none of the tables that are known";
}

const char* taken_by(TableKind kind) {
  switch (kind) {
    case TableKind::kCampaign:
      return "train and evaluate take it by --data without --layer";
    case TableKind::kTimedNetworks:
      return "correct and evaluate take it by --data";
    case TableKind::kNetworks:
      return "evaluate takes it by --data, train by --interval-networks";
    case TableKind::kCalls:
      return "train takes it by --data with --layer conv, pool or dense, evaluate by --data";
    case TableKind::kUnknown:
      break;
  }
  return "";
}

}  // namespace

TableKind table_kind(const CsvTable& csv) noexcept {
  if (csv.has_column("candidate")) return TableKind::kCampaign;
  if (csv.has_column("net_id") && csv.has_column("layers")) return TableKind::kTimedNetworks;
  if (is_network_table(csv)) return TableKind::kNetworks;
  return csv.has_column("batchsize") ? TableKind::kCalls : TableKind::kUnknown;
}

void require_table_kind(const CsvTable& csv, TableKind wanted) {
  const TableKind kind = table_kind(csv);
  if (kind == wanted || kind == TableKind::kUnknown) return;
  throw Error(ErrorCode::kMismatch,
              csv.name + ": holds " + holds(kind) + ", where " + holds(wanted) + " are wanted; " + taken_by(kind));
}

}  // namespace perfmodel::tools
