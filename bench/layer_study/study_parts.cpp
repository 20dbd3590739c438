#include "devices_part.h"
#include "end_to_end_part.h"
#include "justus_part.h"
#include "learners_part.h"
#include "networks_part.h"
#include "study.h"
#include "time_column_part.h"

namespace perfmodel::bench {

std::vector<StudyPart> study_parts() {
  return {time_column_part(), networks_part(), end_to_end_part(), devices_part(), justus_part(), learners_part()};
}

}  // namespace perfmodel::bench
