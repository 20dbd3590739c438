#include <benchmark/benchmark.h>

#include "perfmodel/core/build_info.h"

/// Google Benchmark's own main(), whose report also says what was measured: version, build type and compiler.
int main(int argc, char** argv) {
  benchmark::AddCustomContext("perfmodel", perfmodel::version());
  benchmark::AddCustomContext("perfmodel_build_type", PERFMODEL_BUILD_TYPE);
  benchmark::AddCustomContext("compiler", __VERSION__);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
