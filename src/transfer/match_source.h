#pragma once

#include <string>
#include <vector>

#include "perfmodel/config/config_space.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

std::vector<std::string> option_names(const ConfigSpace& space);

/// A source's model on the target's options.
struct MatchedSource {
  Model model;
  std::vector<std::string> ranks;  ///< a line per option whose levels are matched by rank: which stands for which
};

/// `model`, fitted on the options of `source`, as a model on the options of `target`. Options are matched by name. A
/// numeric option whose levels on one side are among those of the other keeps its numbers; else levels are matched by
/// their rank among all levels, from 0 to 1, with straight lines between the source's levels (Iqbal et al. compare
/// boards whose frequencies differ). Labels are matched by their text. The domain of an
/// option that keeps its numbers is what the source learnt; matched levels are all in the domain.
/// @throws Error kMismatch: an option that only one side has, or has as another kind; a label that the source does not
///         know; a model of other features than the source's options.
MatchedSource match_source(const Model& model, const ConfigSpace& source, const ConfigSpace& target);

}  // namespace perfmodel
