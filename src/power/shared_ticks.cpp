#include "power/shared_ticks.h"

#include <list>
#include <utility>

namespace perfmodel {

/// All that is called with one period.
class SharedTicks::Group {
 public:
  using Ticks = std::list<std::function<void()>>;

  Group(Clock& clock, double period_s) : ticker_(clock.tick_every(period_s, [this] { run(); })) {}

  Ticks::iterator add(std::function<void()> tick) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return ticks_.insert(ticks_.end(), std::move(tick));
  }
  void remove(Ticks::iterator tick) {
    const std::lock_guard<std::mutex> lock(mutex_);
    ticks_.erase(tick);
  }

 private:
  void run() {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const std::function<void()>& tick : ticks_) tick();
  }

  std::mutex mutex_;
  Ticks ticks_;
  const std::unique_ptr<Ticker> ticker_;  // last: its calls use the others
};

class SharedTicks::Member : public Ticker {
 public:
  Member(std::shared_ptr<Group> group, std::function<void()> tick)
      : group_(std::move(group)), tick_(group_->add(std::move(tick))) {}
  ~Member() override { group_->remove(tick_); }

 private:
  const std::shared_ptr<Group> group_;
  const Group::Ticks::iterator tick_;
};

std::unique_ptr<Ticker> SharedTicks::tick_every(double period_s, std::function<void()> tick) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::weak_ptr<Group>& known = groups_[period_s];
  std::shared_ptr<Group> group = known.lock();
  if (group == nullptr) known = group = std::make_shared<Group>(*clock_, period_s);
  return std::make_unique<Member>(std::move(group), std::move(tick));
}

}  // namespace perfmodel
