#include "knob/test_board.h"

namespace perfmodel {
namespace {

constexpr const char* kBoardJson = R"({
  "version": 1,
  "name": "test",
  "title": "Test",
  "tested_on_hardware": false,
  "knobs": [
    {"name": "num_cores", "kind": "integer",
     "cores": {"file": "/sys/devices/system/cpu/cpu{core}/online", "numbers": [1, 2, 3]}},
    {"name": "cpu_freq_hz", "unit": "hz", "kind": "ordinal", "every_folder": true, "file_unit": "khz",
     "folders": ["/sys/devices/system/cpu/cpufreq/policy*"], "active_file": "affected_cpus",
     "levels": {"file": "scaling_available_frequencies"},
     "before": [{"files": ["/sys/module/qos/parameters/enable"], "text": "0", "optional": true}],
     "range": {"minimum_file": "scaling_min_freq", "maximum_file": "scaling_max_freq"},
     "effective_file": "scaling_cur_freq"},
    {"name": "gpu_freq_hz", "unit": "hz", "kind": "ordinal",
     "folders": ["/sys/devices/17000000.gp10b/devfreq/17000000.gp10b", "/sys/devices/gpu.0/devfreq/gpu.0"],
     "levels": {"file": "available_frequencies"},
     "before": [{"files": ["/sys/devices/gpu.0/railgate_enable"], "text": "0"}],
     "range": {"minimum_file": "min_freq", "maximum_file": "max_freq"},
     "effective_file": "cur_freq"},
    {"name": "memory_freq_hz", "unit": "hz", "kind": "ordinal",
     "folders": ["/sys/kernel/debug/bpmp/debug/clk/emc"],
     "levels": {"file": "/sys/kernel/debug/bpmp/debug/emc/possible_rates", "file_unit": "khz"},
     "writes": [{"file": "rate"}, {"file": "mrq_rate_locked", "text": "1"}],
     "effective_file": "/sys/kernel/debug/clk/emc/clk_rate"},
    {"name": "huge_pages", "kind": "categorical", "levels": ["always", "madvise", "never"],
     "writes": [{"file": "/sys/kernel/mm/transparent_hugepage/enabled"}]},
    {"name": "batch", "kind": "ordinal", "levels": [1, 2, 4], "handed": {}}
  ]
})";

std::string policy(int number) {
  return std::string(kCpu) + "/cpufreq/policy" + std::to_string(number);
}

}  // namespace

Board test_board() {
  return Board::from_json(kBoardJson);
}

std::map<std::string, std::string> test_tree() {
  std::map<std::string, std::string> tree = {
      {"/proc/sys/kernel/random/boot_id", "boot-1"},
      {"/sys/devices/system/cpu/cpu1/online", "1"},
      {"/sys/devices/system/cpu/cpu2/online", "1"},
      {"/sys/devices/system/cpu/cpu3/online", "1"},
      {"/sys/module/qos/parameters/enable", "Y"},
      {"/sys/devices/gpu.0/railgate_enable", "1"},
      {std::string(kGpu) + "/min_freq", "114750000"},
      {std::string(kGpu) + "/max_freq", "1300500000"},
      {std::string(kGpu) + "/cur_freq", "420750000"},
      {std::string(kGpu) + "/available_frequencies", "114750000 420750000 1300500000"},
      {std::string(kEmc) + "/rate", "1600000000"},
      {std::string(kEmc) + "/mrq_rate_locked", "0"},
      {"/sys/kernel/debug/bpmp/debug/emc/possible_rates", "204000 665600 1600000 (kHz)"},
      {"/sys/kernel/debug/clk/emc/clk_rate", "1600000000"},
      {kHugePages, "madvise"},
  };
  for (const int number : {0, 2}) {
    tree[policy(number) + "/scaling_min_freq"] = "102000";
    tree[policy(number) + "/scaling_max_freq"] = "1479000";
    tree[policy(number) + "/scaling_cur_freq"] = "518400";
    tree[policy(number) + "/scaling_available_frequencies"] = "1479000 1036800 518400 102000";
    tree[policy(number) + "/affected_cpus"] = "0 1";
  }
  return tree;
}

void add_kernel_rules(FakeKernel& kernel) {
  kernel.ranges = {{policy(0) + "/scaling_min_freq", policy(0) + "/scaling_max_freq"},
                   {policy(2) + "/scaling_min_freq", policy(2) + "/scaling_max_freq"},
                   {std::string(kGpu) + "/min_freq", std::string(kGpu) + "/max_freq"}};
  kernel.policies = {{policy(2), {std::string(kCpu) + "/cpu2/online", std::string(kCpu) + "/cpu3/online"}}};
}

std::vector<KnobValue> all_changed() {
  return {{"batch", 2},
          {"huge_pages", 2},
          {"memory_freq_hz", 665600000},
          {"gpu_freq_hz", 420750000},
          {"cpu_freq_hz", 518400000},
          {"num_cores", 3}};
}

}  // namespace perfmodel
