#pragma once

#include <map>
#include <string>
#include <vector>

#include "knob/fake_kernel.h"
#include "perfmodel/knob/board.h"
#include "perfmodel/knob/knob_driver.h"

namespace perfmodel {

constexpr const char* kCpu = "/sys/devices/system/cpu";
constexpr const char* kPolicy0 = "/sys/devices/system/cpu/cpufreq/policy0";
constexpr const char* kPolicy2 = "/sys/devices/system/cpu/cpufreq/policy2";
constexpr const char* kGpu = "/sys/devices/gpu.0/devfreq/gpu.0";
constexpr const char* kEmc = "/sys/kernel/debug/bpmp/debug/clk/emc";
constexpr const char* kHugePages = "/sys/kernel/mm/transparent_hugepage/enabled";

/// A board with a knob of each kind that files set, and one that is handed: two clusters of two cores, the second with
/// a frequency policy that comes and goes with its cores.
Board test_board();
/// Its files. Everything is at its highest range, all cores online.
std::map<std::string, std::string> test_tree();
/// What the kernel does with them.
void add_kernel_rules(FakeKernel& kernel);

/// Values that change every file that test_board() writes: three cores, so that both policies stay.
std::vector<KnobValue> all_changed();

}  // namespace perfmodel
