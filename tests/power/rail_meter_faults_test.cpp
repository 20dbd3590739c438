#include <gtest/gtest.h>

#include <new>

#include "expect_error.h"
#include "power/rail_meter.h"
#include "sysfs/manual_clock.h"

namespace perfmodel {
namespace {

constexpr double kSample_s = 0.001;

/// A meter of 2 W whose sensor can be broken.
class FaultySensor : public ::testing::Test {
 protected:
  std::unique_ptr<RailMeter> open(bool is_counter = false, double wraps_at_joules = 0) {
    Rail rail;
    rail.info.name = "VDD_GPU";
    rail.info.is_counter = is_counter;
    rail.wraps_at_joules = wraps_at_joules;
    rail.read = [this, is_counter] {
      if (fault_) fault_();
      return is_counter ? 2 * clock_->now_s() : 2;
    };
    return std::make_unique<RailMeter>(std::move(rail), kSample_s, clock_);
  }
  void fail_with(ErrorCode code, const std::string& message) {
    fault_ = [=] { throw Error(code, message); };
  }

  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  std::function<void()> fault_;
};

TEST_F(FaultySensor, IsNotOpened) {
  fail_with(ErrorCode::kPermission, "cannot read '/energy_uj': Permission denied");
  EXPECT_PM_ERROR(open(), ErrorCode::kPermission, "Permission denied");
  EXPECT_EQ(clock_->num_tickers(), 0u);
}

TEST_F(FaultySensor, IsAnErrorNamedByItsMeterWhateverItSays) {
  struct Fault {
    ErrorCode thrown, expected;
  };
  const Fault faults[] = {{ErrorCode::kNotFound, ErrorCode::kIo}, {ErrorCode::kPermission, ErrorCode::kIo},
                          {ErrorCode::kBusy, ErrorCode::kIo},     {ErrorCode::kIo, ErrorCode::kIo},
                          {ErrorCode::kCorrupt, ErrorCode::kIo},  {ErrorCode::kTimeout, ErrorCode::kTimeout}};
  for (const bool is_counter : {false, true}) {
    const auto meter = open(is_counter);
    for (const Fault& fault : faults) {
      fail_with(fault.thrown, "sensor gone");
      EXPECT_PM_ERROR(meter->joules(), fault.expected, "power meter 'VDD_GPU': sensor gone");
      EXPECT_PM_ERROR(meter->watts(), fault.expected, "power meter 'VDD_GPU': sensor gone");
    }
    fault_ = nullptr;
  }
}

TEST_F(FaultySensor, IsToldOfByTheNextCallAlsoWhenItCameBack) {
  const auto meter = open();
  clock_->advance(1);
  fail_with(ErrorCode::kNotFound, "the first fault");
  clock_->advance(0.1);
  fail_with(ErrorCode::kIo, "a later fault");
  clock_->advance(0.1);
  fault_ = nullptr;
  clock_->advance(1);
  EXPECT_PM_ERROR(meter->joules(), ErrorCode::kIo, "power meter 'VDD_GPU': the first fault");
  EXPECT_NEAR(meter->joules(), 2 * 2.2, 1e-9);                         // once is enough; the gap is bridged
  EXPECT_NEAR(meter->error_joules(2, 2), 0.2 * 2, 2 * kSample_s * 2);  // nobody looked for so long
}

TEST_F(FaultySensor, IsNotContinuedWhileItIsGone) {
  const auto meter = open();
  clock_->advance(1);
  EXPECT_NEAR(meter->joules(), 2, 1e-9);
  fail_with(ErrorCode::kNotFound, "gone");
  for (int i = 0; i < 5; ++i) {
    clock_->advance(1);
    EXPECT_PM_ERROR(meter->joules(), ErrorCode::kIo, "gone");
    EXPECT_PM_ERROR(meter->joules(), ErrorCode::kIo, "gone");  // the kept one, then its own
  }
}

TEST_F(FaultySensor, OfACounterThatWrapsIsToldOfTooAsWrapsMayBeMissed) {
  const auto meter = open(true, 4000);
  fail_with(ErrorCode::kIo, "gone for a while");
  clock_->advance(10);
  fault_ = nullptr;
  EXPECT_PM_ERROR(meter->joules(), ErrorCode::kIo, "power meter 'VDD_GPU': gone for a while");
  EXPECT_NEAR(meter->joules(), 20, 1e-9);
}

TEST_F(FaultySensor, OfACounterThatIsOnlyAskedLosesNothing) {
  const auto meter = open(true);
  fail_with(ErrorCode::kIo, "gone for a while");
  clock_->advance(10);
  fault_ = nullptr;
  EXPECT_NEAR(meter->joules(), 20, 1e-9);
}

TEST_F(FaultySensor, MayRunOutOfMemoryBetweenTwoCalls) {
  const auto meter = open();
  fault_ = [] { throw std::bad_alloc(); };
  clock_->advance(0.01);
  fault_ = nullptr;
  EXPECT_THROW(meter->joules(), std::bad_alloc);
  EXPECT_NEAR(meter->joules(), 0.02, 1e-9);
}

TEST_F(FaultySensor, ThatCountsBackIsNamed) {
  const auto meter = open(true);
  clock_->advance(1);
  meter->joules();
  Rail rail;
  rail.info.name = "reset";
  rail.info.is_counter = true;
  double counted = 100;
  rail.read = [&] { return counted; };
  RailMeter other(std::move(rail), kSample_s, clock_);
  counted = 5;
  EXPECT_PM_ERROR(other.joules(), ErrorCode::kIo, "power meter 'reset': the counter went back from 100 J to 5 J");
  counted = 7;
  EXPECT_DOUBLE_EQ(other.joules(), 2);
}

}  // namespace
}  // namespace perfmodel
