#include "learners_part.h"

namespace perfmodel::bench {

StudyPart learners_part() {
  return {"learners", "every learner on one GPU", [](const StudyOptions&) { return std::vector<StudyStep>{}; },
          [](const std::vector<Json>&, const StudyOptions&, StudyReport&) {}};
}

}  // namespace perfmodel::bench
