#include "power/gap_record.h"

namespace perfmodel {
namespace {

constexpr std::size_t kMostGaps = 64;

}  // namespace

void GapRecord::add(double end_s, double gap_s) {
  while (!gaps_.empty() && gaps_.back().length_s <= gap_s) gaps_.pop_back();
  gaps_.push_back({end_s, gap_s});
  if (gaps_.size() > kMostGaps) {
    gaps_[1].length_s = gaps_[0].length_s;
    gaps_.erase(gaps_.begin());
  }
}

double GapRecord::longest_since(double begin_s) const noexcept {
  for (const Gap& gap : gaps_) {
    if (gap.end_s > begin_s) return gap.length_s;
  }
  return 0;
}

}  // namespace perfmodel
