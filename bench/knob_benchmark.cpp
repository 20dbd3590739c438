#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>

#include "perfmodel/knob/knob_driver.h"
#include "perfmodel/knob/simulated_board.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

KnobDriver driver_on(const Board& board, const std::string& root) {
  KnobDriverOptions options;
  options.root = root;
  return KnobDriver(board, options);
}

/// The simulated board's four knobs of hardware, set.
struct FewKnobs {
  FewKnobs() : board(folder.file("board")), driver(driver_on(board.board(), board.root())) {
    driver.set({{"num_cores", 4}, {"cpu_freq_hz", 960e6}, {"gpu_freq_hz", 522.75e6}, {"memory_freq_hz", 800e6}});
  }
  ~FewKnobs() { driver.restore(); }

  TemporaryFolder folder;
  SimulatedBoard board;
  KnobDriver driver;
};

/// A PC with a frequency policy for each of many CPUs.
struct ManyPolicies {
  static constexpr int kPolicies = 64;
  static constexpr const char* kFiles[][2] = {{"affected_cpus", "0"},
                                              {"scaling_available_frequencies", "1000000 2000000"},
                                              {"scaling_min_freq", "1000000"},
                                              {"scaling_max_freq", "2000000"},
                                              {"scaling_cur_freq", "1500000"}};
  ManyPolicies() : driver(make()) { driver.set({{"cpu_freq_hz", 2e9}}); }
  ~ManyPolicies() { driver.restore(); }

  KnobDriver make() {
    for (int policy = 0; policy < kPolicies; ++policy) {
      const auto path = folder.path() / "sys/devices/system/cpu/cpufreq" / ("policy" + std::to_string(policy));
      std::filesystem::create_directories(path);
      for (const auto& [name, text] : kFiles) std::ofstream(path / name) << text << "\n";
    }
    return driver_on(built_in_board("linux"), folder.path().string());
  }

  TemporaryFolder folder;
  KnobDriver driver;
};

// What a campaign asks again and again while a workload runs. Items are looks. The files are those of a folder, whose
// paths are checked for leaving it; the kernel's need no such check, but some of them take longer to answer.
template <typename Machine>
void BM_EffectiveValues(benchmark::State& state) {
  const Machine machine;
  for (auto _ : state) benchmark::DoNotOptimize(machine.driver.effective());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_TEMPLATE(BM_EffectiveValues, FewKnobs)->Unit(benchmark::kMicrosecond);
BENCHMARK_TEMPLATE(BM_EffectiveValues, ManyPolicies)->Unit(benchmark::kMicrosecond);

// The same with every setting, as it is read back before and after a workload runs.
template <typename Machine>
void BM_ReadBack(benchmark::State& state) {
  const Machine machine;
  for (auto _ : state) benchmark::DoNotOptimize(machine.driver.read());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_TEMPLATE(BM_ReadBack, FewKnobs)->Unit(benchmark::kMicrosecond);
BENCHMARK_TEMPLATE(BM_ReadBack, ManyPolicies)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace perfmodel
