#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "perfmodel/core/error.h"
#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"
#include "perfmodel/layer_time/layer_features.h"
#include "perfmodel/learner/model.h"
#include "perfmodel/network/layer.h"
#include "perfmodel/network/network.h"

namespace perfmodel {

/// The phases of a layer (ResPerfNet, section 4.3, equations 3 to 6).
enum class Phase {
  kPreprocess = 0,   ///< issuing the copy, host-to-device copy, issuing the operation, reshaping of the input
  kExecution = 1,    ///< the operation alone
  kPostprocess = 2,  ///< reshaping of the output, device-to-host copy, hand-over to the caller
};
constexpr int kNumPhases = 3;
PERFMODEL_EXPORT const char* phase_name(Phase phase) noexcept;  ///< "pre", "exe", "post"

/// What the measured times of layers are.
enum class LayerTiming {
  kPhases = 0,  ///< the three phases apart, as perfmodel measures them
  /// One time of a whole call, copies and the framework's own work included, as published tables hold. It stands in the
  /// place of the execution; the other two phases are 0.
  kTotal = 1,
};
constexpr int kNumLayerTimings = 2;
PERFMODEL_EXPORT const char* layer_timing_name(LayerTiming timing) noexcept;  ///< "phases", "total"
/// As above, but "total" for what stands in the place of the execution.
PERFMODEL_EXPORT const char* phase_name(Phase phase, LayerTiming timing) noexcept;

/// The phases that measurements of this timing tell: all three, or the place of a whole call alone.
PERFMODEL_EXPORT Span<const Phase> told_phases(LayerTiming timing) noexcept;

/// A time and how sure it is.
struct TimeEstimate {
  double mean_ms = 0;
  /// Interval at the level of the model (ModelInfo::interval_level). Where that is 0 there is none: both are the mean,
  /// which says nothing about how sure the time is.
  double lower_ms = 0, upper_ms = 0;
};

/// Times of one layer.
struct LayerTime {
  TimeEstimate phase[kNumPhases];  ///< indexed by Phase
  bool in_domain = true;           ///< whether the layer lies in what was learnt, in all phases

  const TimeEstimate& preprocess() const noexcept { return phase[0]; }
  const TimeEstimate& execution() const noexcept { return phase[1]; }
  const TimeEstimate& postprocess() const noexcept { return phase[2]; }
};

/// What of a network learnt models answer for, in shares of its layers, their operations, and the bytes of their
/// inputs, outputs and weights; 1 where it is all.
struct Coverage {
  double layers_fraction = 1, flops_fraction = 1, bytes_fraction = 1;
};

/// What predict() does with a layer of a kind that has no model.
enum class UnknownKinds {
  kRefuse,  ///< the network is an error
  kSkip,    ///< the layer counts nothing, out of domain; NetworkTime::coverage tells how much that leaves out
};

/// Time of a whole network (equation 2): T_pre(first) + sum of T_exe + T_post(last); NetworkEnds says which nodes are
/// first and last ones. With LayerTiming::kTotal it is the sum of the layers' whole calls.
///
/// The interval of the total is as wide as NetworkInterval says.
struct NetworkTotal {
  TimeEstimate total;     ///< of what is covered
  bool in_domain = true;  ///< whether all layers lie in what was learnt
  Coverage coverage;
  /// Of the total's interval: the least level of the models that it adds up. 0: one of them has no interval, or there
  /// is nothing to add up, and the total's is none.
  double interval_level = 0;
};

/// The same with what it consists of.
struct NetworkTime : NetworkTotal {
  std::vector<std::string> names;  ///< of the nodes, in the order of Network::nodes()
  std::vector<LayerTime> layers;
};

/// How the errors of layers add up to the interval of a network's total, correlation between layers not ignored.
///
/// Of the n half-widths w that one model (a layer kind and phase) brings in, (1 - correlation) sum w^2 + correlation
/// (sum w)^2 is the square of their sum's. Different models are fitted apart: theirs add by squares. The root of all is
/// multiplied by `scale`. The default takes a model that is wrong about one layer to be as wrong about all: the most
/// cautious for layers like those learnt, but too narrow where networks are measured otherwise than layers were.
/// network_interval.h fits both to networks.
struct NetworkInterval {
  double correlation = 1;        ///< of the errors of two layers that one model answers, in [0, 1]
  double scale = 1;              ///< > 0
  std::size_t num_networks = 0;  ///< that these were fitted on; 0: the default
};

/// Where the measurements behind a predictor were made: device, framework, versions, protocol.
struct Environment {
  static constexpr int kMaxThreads = 65536;
  std::string device;       ///< "cpu" or "cuda"
  std::string device_name;  ///< e.g. the processor's model name
  std::string framework;    ///< "eager", "optimized", ...
  std::string framework_version;
  int num_threads = 1;  ///< 1 to kMaxThreads
  LayerTiming timing = LayerTiming::kPhases;
};

/// What is known about the measurements that a predictor was fitted on.
struct TrainingInfo {
  /// Mean percentage difference of two measurements of one layer, execution phase; NaN when none was measured twice.
  double noise_floor_pct = std::numeric_limits<double>::quiet_NaN();
  std::size_t num_layers = 0;  ///< measured layers, those held out for the errors' sake included
  std::size_t num_failed = 0;  ///< layers that could not run on the device
};

/// Predicts the time of one layer as three phases, and of a network as the sum of its layers.
///
/// Holds one model per layer kind and phase. Immutable: any number of threads may call its methods, each with a
/// workspace of its own. The forms of predict() that take a workspace neither allocate, lock nor throw; the others are
/// these with memory of their own. Source: ResPerfNet, section 4, equations 2 to 6. We differ in that a layer's
/// execution may depend on its LayerContext. A model that answers a number that is not finite counts as 1e15 ms, out of
/// domain; a negative mean as 0.
///
/// With LayerTiming::kTotal a layer's execution() is its whole call, the other phases are 0, and contexts make no
/// difference: tables of calls do not tell theirs.
class PERFMODEL_EXPORT LayerTimePredictor {
 public:
  /// The models of one layer kind, by phase; all of one feature set, targets in milliseconds.
  struct KindModels {
    LayerKind kind;
    FeatureSet features;
    std::vector<Model> phases;  ///< kNumPhases models, indexed by Phase
  };

  /// @throws Error kInvalidArgument: a kind twice, not three phases, num_threads or timing out of range; kMismatch: a
  ///         model's features are not those of its set.
  LayerTimePredictor(Environment environment, std::vector<KindModels> models, TrainingInfo training = {});

  const Environment& environment() const noexcept;
  const TrainingInfo& training() const noexcept;

  const NetworkInterval& network_interval() const noexcept;
  /// The same predictor with other intervals of networks; they are saved with it.
  /// @throws Error kInvalidArgument: a correlation outside [0, 1], a scale <= 0 or not finite, no networks.
  LayerTimePredictor with_network_interval(const NetworkInterval& interval) const;

  bool knows(LayerKind kind) const noexcept;
  std::vector<LayerKind> kinds() const;
  FeatureSet features(LayerKind kind) const;              ///< @throws Error kUnsupported: no model for that kind
  const Model& model(LayerKind kind, Phase phase) const;  ///< @throws Error kUnsupported: no model for that kind

  /// Workspace that predict() needs for `num_layers` layers; it stops growing at some hundred layers.
  std::size_t workspace_bytes(std::size_t num_layers) const noexcept;

  /// Times of `layers` in `context` on the device this predictor was fitted for.
  ///
  /// @param layers     n layers, any order, each valid (LayerSpec::validate() says what one lacks); n = 0 does nothing.
  /// @param out        n results in the order of `layers`: milliseconds, finite and >= 0. Untouched unless the status
  ///                   is ok.
  /// @param workspace  at least workspace_bytes(n); one per thread.
  /// @return           ok; kInvalidArgument (an invalid layer, also of a kind without a model; a null span; a context
  ///                   that is not finite and > 0), kMismatch (sizes), kBufferTooSmall (workspace), kUnsupported (a
  ///                   valid layer of a kind without a model); status.index says which layer.
  Status predict(Span<const LayerSpec> layers, const LayerContext& context, Span<LayerTime> out,
                 Workspace& workspace) const noexcept;

  /// Workspace that predict() needs for the network.
  std::size_t workspace_bytes(const Network& network) const noexcept;

  /// Time of a network, its layers in the context that the network itself makes (Network::footprint_bytes()).
  ///
  /// @param out_layers  times of the nodes, in the order of Network::nodes(); of those that are skipped 0 and not in
  ///                    the domain. Untouched, as `out_total`, unless the status is ok.
  /// @param workspace   at least workspace_bytes(network); one per thread.
  /// @return            ok; kMismatch (size of `out_layers`), kInvalidArgument (a null span), kBufferTooSmall
  ///                    (workspace), kUnsupported (a layer kind without a model, unless such are skipped; status.index
  ///                    says which node).
  Status predict(const Network& network, UnknownKinds unknown, Span<LayerTime> out_layers, NetworkTotal& out_total,
                 Workspace& workspace) const noexcept;

  /// The same with the nodes' names.
  /// @throws Error kUnsupported: a layer kind without a model, unless such are skipped; names the node.
  NetworkTime predict(const Network& network, UnknownKinds unknown = UnknownKinds::kRefuse) const;

  /// Time of layers that run one after the other, as a table lists a network's: predict(network) without asking that
  /// shapes fit from one to the next. The first layer alone is a first one, the last alone a last one; `names` are
  /// numbers from 1. Their context is what one run of all touches: the bytes of all layers' weights and outputs, as
  /// Network::footprint_bytes() counts them.
  /// @throws Error kInvalidArgument (no layers, a null span; an invalid layer, also of a kind without a model: says
  ///         which and why), kUnsupported (a layer kind without a model; says which layer).
  NetworkTime predict_sequence(Span<const LayerSpec> layers) const;

  /// One file with all models (docs/formats-layers.md).
  /// @throws Error as Model::save() and Model::load(); load() also kVersion (features that this build does not
  ///         compute).
  void save(const std::string& path) const;
  static LayerTimePredictor load(const std::string& path);
  static LayerTimePredictor load(Span<const std::byte> file);

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

}  // namespace perfmodel
