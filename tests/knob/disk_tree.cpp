#include "knob/disk_tree.h"

#include <filesystem>
#include <fstream>

#include "core/file.h"

namespace perfmodel {

DiskTree::DiskTree() {
  for (const auto& [path, text] : test_tree()) {
    const std::filesystem::path file = root() + path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
}

KnobDriverOptions DiskTree::options() const {
  KnobDriverOptions options;
  options.root = root();
  options.journal_path = folder_.file("knobs.journal");
  options.max_settle_s = 0.1;
  return options;
}

bool DiskTree::has_journal() const {
  return std::filesystem::exists(folder_.file("knobs.journal"));
}

std::map<std::string, std::string> DiskTree::files() const {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root())) {
    if (entry.is_regular_file()) files[entry.path().string().substr(root().size())] = read_file(entry.path().string());
  }
  return files;
}

}  // namespace perfmodel
