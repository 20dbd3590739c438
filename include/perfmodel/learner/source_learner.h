#pragma once

#include <memory>

#include "perfmodel/core/export.h"
#include "perfmodel/learner/learner.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

/// What a learner sees of a row besides what the source answers for it.
enum class SourceView {
  kWithFeatures,  ///< all of its features
  kAlone,         ///< nothing: the answer is shifted alike wherever it is the same (a line: "lms"; a forest: "nlms")
};

/// `learner`, which sees one feature more of each row: what `source`, a model of the same features that was fitted in
/// another environment, answers for it. The feature is called kCostPrefix + "source": learners that fit an additive
/// cost first begin with the source's answers times a factor and learn what is left. So few rows of the new environment
/// go a long way where the two are alike.
///
/// Its models take the source's features and hold both models; their name (ModelInfo::kind) is that of the learner's.
/// fit() throws kMismatch (data of other features than the source's), and what the learner throws.
/// @throws Error kInvalidArgument: no learner.
PERFMODEL_EXPORT std::unique_ptr<Learner> make_source_learner(Model source, std::shared_ptr<const Learner> learner,
                                                              SourceView view = SourceView::kWithFeatures);

}  // namespace perfmodel
