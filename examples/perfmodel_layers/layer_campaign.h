#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "perfmodel/measure/campaign.h"
#include "perfmodel/network/layer_sampler.h"
#include "perfmodel/train/layer_benchmark.h"

namespace perfmodel::tools {

/// What the user asks `measure` for.
struct MeasureOptions {
  std::string database;  ///< the campaign's SQLite file
  std::string csv;       ///< its export; may be empty
  std::uint64_t num_layers = 2200;
  std::uint64_t seed = 0;
  std::string device = "cpu";
  std::string framework = "eager";
  std::string ranges = "wide";
  double around_fraction = 0.5;
  double max_bytes = SamplerOptions{}.max_bytes;
  double max_flops = SamplerOptions{}.max_flops;
  double repeat_fraction = CampaignOptions{}.repeat_fraction;
  double max_retry_s = CampaignOptions{}.max_retry_seconds;
  double max_s = 0;
  double max_layer_s = ProtocolOptions{}.max_seconds;
  int num_threads = 1;
  std::vector<std::string> kinds = {"conv2d", "pool2d", "dense"};
  bool json = false;
};

/// Built-in networks whose layers are drawn around (never exactly), besides steering_networks().
const std::vector<std::string>& steering_builtins();
/// Those of convolutions, pooling and dense layers alone, which are evaluated unless others are named.
const std::vector<std::string>& main_job_builtins();

/// Whether layers are drawn around a shape of this network, by whichever kinds are asked for: one of its layers has the
/// shape of one that is drawn around. The others show how predictions fare on a network that steered nothing.
bool steers_drawing(const Network& network);

/// Draws the layers that `options` describe, never one with the shape of a layer of a built-in network, on which
/// predictions are tested. With no other kinds than convolution, pooling and dense those are in fixed shares. Else all
/// kinds named are drawn as often (twice as often where named twice), in the forms that networks with branches have.
LayerSampler make_sampler(const MeasureOptions& options);

/// Columns and identity of a campaign with these options on that device.
CampaignSchema campaign_schema(const MeasureOptions& options, const Environment& environment);

/// Measures sample `row.candidate` and fills the row's inputs and outputs.
void measure_layer(LayerBenchmark& benchmark, const LayerSampler& sampler, CampaignRow& row);

/// The most frequent reason why rows failed when none of them is ok, else empty.
/// @param rows  a campaign's table
std::string reason_of_all_failures(const CsvTable& rows);

/// run_campaign() for builds without SQLite: adds rows to a CSV file, each on the disk before the next layer begins. It
/// cannot resume: the file must not exist. No retries; errors become failed rows as there.
/// @throws Error kInvalidArgument: `path` exists; kIo, kNoSpace, kCancelled.
CampaignReport run_plain_campaign(const std::string& path, const CampaignSchema& schema, const CampaignOptions& options,
                                  const std::function<void(CampaignRow&)>& measure);

}  // namespace perfmodel::tools
