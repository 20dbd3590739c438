// Writes FOLDER/power: files as the kernel shows them of a board with a sampled rail, a counter and a thermometer, and
// its table FOLDER/power_board.json, which also names a rail that is not there. usage: make_power_files FOLDER
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

void put(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << text << "\n";
}

constexpr const char* kBoard = R"({"version": 1, "name": "test", "title": "Test", "tested_on_hardware": false,
  "simulated": true, "knobs": [],
  "rails": [
    {"name": "gpu", "folders": ["/i2c"], "power_file": "in_power1_input", "file_unit": "milliwatts"},
    {"name": "package", "folders": ["/sys/class/powercap/intel-rapl:0"], "energy_file": "energy_uj", "label_file": "name",
     "file_unit": "microjoules", "update_period_s": 0.001, "is_sum": true},
    {"name": "fan", "folders": ["/i2c"], "power_file": "in_power9_input"}
  ],
  "temperature_files": ["/thermal/temp"], "throttle_count_files": ["/thermal/count"]})";

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1], root = folder / "power";
  put(folder / "power_board.json", kBoard);
  put(root / "i2c/in_power1_input", "2500");
  put(root / "sys/class/powercap/intel-rapl:0/energy_uj", "1000000");
  put(root / "sys/class/powercap/intel-rapl:0/name", "package-0");
  put(root / "sys/devices/system/cpu/online", "0-1");
  put(root / "thermal/temp", "41500");
  put(root / "thermal/count", "3");
  return 0;
}
