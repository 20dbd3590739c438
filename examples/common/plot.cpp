#include "plot.h"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <unistd.h>

#include "perfmodel/core/csv.h"
#include "perfmodel/core/error.h"

namespace perfmodel::tools {
namespace {

// Text between gnuplot's single quotes, where only the quote itself is special.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("''") : std::string(1, c);
  return result + "'";
}

// Whether an SVG is whole; gnuplot does not say when the disk is full. What is no plain file cannot be read again.
bool is_whole(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return std::filesystem::exists(path, ignored);
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return text.find("</svg>") != std::string::npos;
}

void run_gnuplot(const std::string& script, const std::string& path) {
  const auto previous = std::signal(SIGPIPE, SIG_IGN);  // a gnuplot that gives up early is an error, not our end
  FILE* pipe = popen("gnuplot >/dev/null 2>&1", "w");
  const bool written = pipe != nullptr && std::fwrite(script.data(), 1, script.size(), pipe) == script.size();
  const bool closed = pipe != nullptr && pclose(pipe) == 0;
  std::signal(SIGPIPE, previous);
  if (!written || !closed || !is_whole(path)) throw Error(ErrorCode::kIo, "gnuplot could not draw '" + path + "'");
}

std::string head(const std::string& path, int width, int height) {
  std::ostringstream script;
  script << "set terminal svg size " << width << "," << height << " dynamic background rgb 'white' font 'sans,12'\n"
         << "set output " << quoted(path) << "\nset grid\n";
  return script.str();
}

}  // namespace

bool can_plot() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (access((folder + "/gnuplot").c_str(), X_OK) == 0) return true;
  }
  return false;
}

void plot_scatter(const std::string& path, const std::vector<ScatterPanel>& panels) {
  constexpr int kPanelSize = 360;
  std::ostringstream script;
  script << head(path, kPanelSize * static_cast<int>(panels.size()), kPanelSize) << "set multiplot layout 1,"
         << panels.size() << "\nset logscale xy\nset format xy '10^{%L}'\nunset key\n"
         << "set xlabel 'measured (ms)'\nset ylabel 'predicted (ms)'\n";
  for (const ScatterPanel& panel : panels) {
    script << "$points << EOD\n";
    for (std::size_t i = 0; i < panel.measured_ms.size(); ++i) {
      script << format_number(panel.measured_ms[i]) << " " << format_number(panel.predicted_ms[i]) << "\n";
    }
    script << "EOD\nset title " << quoted(panel.title)
           << " noenhanced\nplot $points using 1:2 with points pt 7 ps 0.35 lc rgb '#80205080', x with lines lc rgb "
              "'black'\n";
  }
  script << "unset multiplot\n";
  run_gnuplot(script.str(), path);
}

void plot_bars(const std::string& path, const std::string& title, const std::vector<BarPair>& bars) {
  constexpr int kBarWidth = 70, kMargin = 120, kHeight = 420;
  std::ostringstream script;
  script
      << head(path, kMargin + kBarWidth * static_cast<int>(bars.size()), kHeight) << "set title " << quoted(title)
      << " noenhanced\nset style data histograms\nset style histogram clustered gap 1\nset style fill solid 0.8\n"
      << "set logscale y\nset ylabel 'time (ms)'\nset key top left\nset xtics rotate by -35 noenhanced\n$bars << EOD\n";
  for (const BarPair& bar : bars) {
    std::string label = bar.label;
    std::replace(label.begin(), label.end(), '"', '\'');  // the label's own quotes in a gnuplot table
    script << "\"" << label << "\" " << format_number(bar.measured_ms) << " " << format_number(bar.predicted_ms)
           << "\n";
  }
  script << "EOD\nplot $bars using 2:xtic(1) title 'measured' lc rgb '#205080', '' using 3 title 'predicted' lc rgb "
            "'#d08020'\n";
  run_gnuplot(script.str(), path);
}

void plot_groups(const std::string& path, const GroupedBars& bars) {
  constexpr std::size_t kBarWidth = 12, kMargin = 160;
  const std::size_t width = kMargin + bars.groups.size() * (bars.series.size() + 1) * kBarWidth;
  std::ostringstream script;
  script << head(path, static_cast<int>(width), 480) << "set title " << quoted(bars.title)
         << " noenhanced\nset style data histograms\nset style histogram clustered gap 1\nset style fill solid 0.8\n"
         << "set logscale y\nset ylabel " << quoted(bars.unit)
         << "\nset key outside right\nset xtics rotate by -35 noenhanced\nset datafile missing '?'\n$bars << EOD\n";
  for (std::size_t group = 0; group < bars.groups.size(); ++group) {
    script << "\"" << bars.groups[group] << "\"";
    for (const double value : bars.values[group]) script << " " << (std::isfinite(value) ? format_number(value) : "?");
    script << "\n";
  }
  script << "EOD\nplot ";
  for (std::size_t series = 0; series < bars.series.size(); ++series) {
    script << (series == 0 ? "$bars" : ", ''") << " using " << series + 2 << (series == 0 ? ":xtic(1)" : "")
           << " title " << quoted(bars.series[series]) << " noenhanced";
  }
  script << "\n";
  run_gnuplot(script.str(), path);
}

void plot_lines(const std::string& path, const LinePlot& plot) {
  std::ostringstream script;
  script << head(path, 720, 420) << "set title " << quoted(plot.title) << " noenhanced\nset logscale y\nset xlabel "
         << quoted(plot.x_label) << "\nset ylabel " << quoted(plot.y_label)
         << "\nset key top right noenhanced\nset datafile missing '?'\n";
  for (std::size_t i = 0; i < plot.series.size(); ++i) {
    const LineSeries& series = plot.series[i];
    script << "$series" << i << " << EOD\n";
    for (std::size_t j = 0; j < series.x.size(); ++j) {
      const std::string y = std::isfinite(series.y[j]) ? format_number(series.y[j]) : "?";
      script << format_number(series.x[j]) << " " << y << "\n";
    }
    script << "EOD\n";
  }
  for (std::size_t i = 0; i < plot.series.size(); ++i) {
    script << (i == 0 ? "plot " : ", ") << "$series" << i << " using 1:2 with lines lw 2 title "
           << quoted(plot.series[i].title);
  }
  script << "\n";
  run_gnuplot(script.str(), path);
}

}  // namespace perfmodel::tools
