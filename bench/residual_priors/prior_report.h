#pragma once

#include <string>
#include <vector>

#include "prior_study.h"

namespace perfmodel::bench {

/// Prints what each split chose and how that was judged, beside the shipped priors, the sum of `by_table` too; then how
/// far settings are apart on the families of `cases`. Writes every setting with its mean errors to the CSV file `path`.
/// Measures what is not on record.
void report_priors(const PriorStudy& study, const std::vector<PriorSplit>& by_table,
                   const std::vector<PriorSplit>& others, const std::vector<StudyCase>& cases, const std::string& path);

}  // namespace perfmodel::bench
