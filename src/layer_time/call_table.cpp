#include "perfmodel/layer_time/call_table.h"

#include <fmt/format.h>

#include "layer_time/call_reader.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

Environment environment_of(const CallTableOptions& options) {
  Environment environment;
  environment.device = environment.framework = environment.framework_version = "unknown";
  environment.device_name = options.device_name;
  environment.timing = LayerTiming::kTotal;
  return environment;
}

}  // namespace

LayerTable call_table_from_csv(const CsvTable& csv, const CallTableOptions& options) {
  const CallReader reader(csv, TimeColumn(csv, options.time_column), options.kind);
  LayerTable table;
  table.environment = environment_of(options);
  for (std::size_t row = 0; row < csv.rows.size(); ++row) {
    const CallRow call = reader.read(row);
    if (!call.skipped.empty()) {
      count_skipped(table.skipped, call.skipped);
      continue;
    }
    LayerRow measured;
    measured.sample.layer = call.layer;
    measured.phase_ms[static_cast<int>(Phase::kExecution)] = call.time_ms;
    measured.spread_ms = call.spread_ms;
    table.rows.push_back(measured);
  }
  if (table.rows.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: no measured layer in {} rows{}", csv.name, csv.rows.size(),
                            table.skipped.empty() ? "" : "; left out: " + skipped_text(table.skipped)));
  }
  return table;
}

LayerTable read_call_table(const std::string& path, const CallTableOptions& options) {
  return call_table_from_csv(read_csv(path), options);
}

LayerKind call_table_kind(const CsvTable& csv) {
  const bool is_conv = csv.has_column("kernelsize"), is_pool = csv.has_column("poolsize"),
             is_dense = csv.has_column("dim_input");
  const int num_kinds = (is_conv ? 1 : 0) + (is_pool ? 1 : 0) + (is_dense ? 1 : 0);
  if (num_kinds != 1) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("{}: {} of the columns kernelsize, poolsize and dim_input are there, where one tells the kind "
                    "of its layers",
                    csv.name, num_kinds));
  }
  return is_conv ? LayerKind::kConv2d : is_pool ? LayerKind::kPool2d : LayerKind::kDense;
}

}  // namespace perfmodel
