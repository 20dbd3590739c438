#pragma once

#include <string>
#include <vector>

#include "perfmodel/learner/model.h"
#include "perfmodel/transfer/transfer.h"
#include "study_cases.h"

namespace perfmodel::bench {

/// What priors are judged by: the study's cases, and kernels of kernel_tuner_spaces from one GPU to another.
std::vector<StudyCase> prior_cases();

constexpr char kTx2[] = "opml19_tx2", kBoards[] = "jetson_knobs", kKernels[] = "kernel_tuner_spaces";

/// The folder of a case's tables, one of the above: cases of one family are alike.
std::string family_of(const StudyCase& study_case);
std::vector<StudyCase> of_family(const std::vector<StudyCase>& cases, const std::string& family);

/// A case in memory.
struct LoadedCase {
  TransferProblem problem;
  std::vector<double> values;  ///< one per candidate
  Model source_model;          ///< a regression tree
};

/// Reads both tables, without rows that failed, and fits the source model.
/// @param data  folder of the tables' folders
LoadedCase load_case(const StudyCase& study_case, const std::string& data);

}  // namespace perfmodel::bench
