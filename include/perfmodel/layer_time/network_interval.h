#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"
#include "perfmodel/layer_time/fit_predictor.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/layer_time/network_table.h"

namespace perfmodel {

/// How the errors of layers add up in networks whose layers were timed one by one: to be kept with the predictor,
/// LayerTimePredictor::with_network_interval().
///
/// `correlation`: how alike two layers of one kind in one network err, relative to their intervals: the mean product of
/// both errors in the place of the mean square, errors beyond 3 half-widths cut to that; 0 at least. `scale`: with it
/// the intervals of these networks would hold as many totals as the level of the layers' intervals says (split
/// conformal prediction on |measured - predicted| / half-width, as learner/calibration.h has it for single rows). So
/// the interval holds a new network as often, where that comes from where these come from; networks at several batch
/// sizes come from fewer places than they are many. Networks that the models' layers took part in make it too narrow.
/// @param networks  9 at least at level 0.9, in general level / (1 - level)
/// @throws Error kMismatch (networks of whole calls and a predictor of three phases, or the other way round),
///         kUnsupported (a kind without a model), kInvalidArgument (too few networks; a network without layers, or not
///         with one time for each; a model without an interval, names its kind and phase).
PERFMODEL_EXPORT NetworkInterval fit_network_interval(const LayerTimePredictor& predictor,
                                                      Span<const MeasuredNetwork> networks);

/// Networks put together from measured layers that resemble each other, to fit intervals where no networks were
/// measured: of layers that took no part in a fit, timed as `timing` says. Those of three phases keep the contexts that
/// they were timed in.
///
/// Each has one batch size, and of each kind up to 8 layers: one drawn at random and those of that batch size that
/// are most alike to it by their sizes (Euclidean distance of logarithms). 2 layers at least. Same rows and seed, same
/// networks.
/// @throws Error kInvalidArgument: not two rows of one batch size.
PERFMODEL_EXPORT std::vector<MeasuredNetwork> networks_of_layers(Span<const LayerRow> rows, std::size_t num_networks,
                                                                 std::uint64_t seed,
                                                                 LayerTiming timing = LayerTiming::kTotal);

/// fit_network_interval() to 1000 networks_of_layers() of the layers that `options` kept out of the fit to `table`
/// (held_out_layers()), drawn by its seed. They hold sums of layers timed one by one, as `table` has them: nothing of
/// what a network takes besides. 1000 networks come from far fewer layers, so that coverage is that of the level only
/// about.
/// @param predictor  what fit_layer_time_predictor() fitted to `table` with `options`
/// @throws Error kInvalidArgument (held_out_fraction 0; a model without an interval; not two of these layers with one
///         batch size), kMismatch (a table of another timing).
PERFMODEL_EXPORT NetworkInterval fit_network_interval_to_held_out(const LayerTimePredictor& predictor,
                                                                  const LayerTable& table,
                                                                  const FitPredictorOptions& options);

}  // namespace perfmodel
