#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "point_session.h"
#include "prior_cases.h"
#include "transfer/residual_process.h"

namespace perfmodel::bench {

/// "residual" with some priors on one case, from several seeds.
struct PriorTrial {
  StudyCase study_case;
  ResidualPriors priors;
  std::size_t budget = 0;
  std::uint64_t first_seed = 0;
  int repeats = 0;
};

/// The errors of trials, kept on the disk, one JSON object per line: a study that was stopped goes on where it ended.
class PriorTrials {
 public:
  /// Reads what is there; a last line that was cut is passed over.
  /// @param data  folder of the measured tables
  /// @param path  file of the rows
  /// @throws Error kParse: a line that is no row of this study.
  PriorTrials(std::string data, std::string path);

  /// MAPE in % on configurations that were not measured, one per repeat: as recorded, else replayed now and recorded.
  const std::vector<double>& errors_pct(const PriorTrial& trial);

 private:
  /// A case in memory, and sessions on it that were asked nothing yet, by seed.
  struct Opened {
    LoadedCase loaded;
    std::map<std::uint64_t, PointSession> fresh;

    const PointSession& session(std::uint64_t seed);
  };

  Opened& opened(const StudyCase& study_case);

  std::string data_, path_;
  std::map<std::string, std::vector<double>> rows_;
  std::map<std::string, Opened> cases_;
};

}  // namespace perfmodel::bench
