#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "perfmodel/core/error.h"
#include "study_report.h"

namespace perfmodel::bench {
namespace {

const std::string kBegin = "<!-- begin ", kBeginEnds = " -->", kEnd = "<!-- end -->";

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ErrorCode::kNotFound, "cannot read '" + path.string() + "'");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The page with what `folder` holds for it; the rest stays as it is.
std::string with_results(const std::string& page, const std::filesystem::path& folder) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t begin = page.find(kBegin); begin != std::string::npos; begin = page.find(kBegin, at)) {
    const std::size_t name_begin = begin + kBegin.size();
    const std::size_t name_end = page.find(kBeginEnds, name_begin), end = page.find(kEnd, begin);
    if (name_end == std::string::npos || end == std::string::npos || name_end > end) {
      throw Error(ErrorCode::kParse, "a '" + kBegin + "' of the page has no '" + kEnd + "'");
    }
    const std::size_t text_begin = name_end + kBeginEnds.size();
    const std::filesystem::path kept = folder / (page.substr(name_begin, name_end - name_begin) + ".md");
    out += page.substr(at, text_begin - at);
    out += std::filesystem::exists(kept) ? "\n" + read_text(kept) : page.substr(text_begin, end - text_begin);
    out += kEnd;
    at = end + kEnd.size();
  }
  return out + page.substr(at);
}

}  // namespace

void update_page(const std::string& path, const std::string& folder) {
  const std::string page = with_results(read_text(path), folder);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << page << std::flush;
  if (!file) throw Error(ErrorCode::kIo, "cannot write '" + path + "'");
  const std::set<std::string> published = {".json", ".csv", ".svg"};
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (published.count(entry.path().extension().string()) == 0) continue;
    std::filesystem::copy_file(entry.path(), std::filesystem::path(path).parent_path() / entry.path().filename(),
                               std::filesystem::copy_options::overwrite_existing);
  }
}

}  // namespace perfmodel::bench
