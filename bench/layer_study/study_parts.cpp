#include "learners_part.h"
#include "study.h"

namespace perfmodel::bench {

std::vector<StudyPart> study_parts() {
  return {learners_part()};
}

}  // namespace perfmodel::bench
