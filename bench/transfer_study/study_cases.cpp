#include "study_cases.h"

namespace perfmodel::bench {
namespace {

const std::string kTime = "inference_time_s";

void add_both_objectives(std::vector<StudyCase>& cases, const std::string& source, const std::string& target,
                         const std::string& energy, bool hardware_change) {
  cases.push_back({source, target, kTime, {energy}, hardware_change});
  cases.push_back({source, target, energy, {kTime}, hardware_change});
}

}  // namespace

std::vector<StudyCase> study_cases() {
  const std::vector<std::string> tx2 = {"opml19_tx2/tx2_xception_200.csv", "opml19_tx2/tx2_xception_400.csv",
                                        "opml19_tx2/tx2_xception_800.csv", "opml19_tx2/tx2_inceptionv3_400.csv"};
  std::vector<StudyCase> cases;
  for (const std::string& source : {tx2[1], tx2[3]}) {
    for (const std::string& target : tx2) {
      if (target != source) add_both_objectives(cases, source, target, "power_sum_mw", false);
    }
  }
  const std::string tx1_board = "jetson_knobs/tx1_image5000.csv", tx2_board = "jetson_knobs/tx2_image5000.csv";
  add_both_objectives(cases, tx1_board, tx2_board, "energy_raw", true);
  add_both_objectives(cases, tx2_board, tx1_board, "energy_raw", true);
  return cases;
}

}  // namespace perfmodel::bench
