#pragma once

#include <string>
#include <vector>

namespace perfmodel::tools {

/// One panel of predicted against measured times.
struct ScatterPanel {
  std::string title;
  std::vector<double> measured_ms, predicted_ms;
};

/// A group of two bars: measured and predicted.
struct BarPair {
  std::string label;
  double measured_ms = 0, predicted_ms = 0;
};

/// Whether gnuplot can be started; without it there are no pictures, and nothing else is missing.
bool can_plot();

/// Writes an SVG of panels side by side, logarithmic axes, with the diagonal.  @throws Error kIo.
void plot_scatter(const std::string& path, const std::vector<ScatterPanel>& panels);

/// Writes an SVG of bars, logarithmic times.  @throws Error kIo.
void plot_bars(const std::string& path, const std::string& title, const std::vector<BarPair>& bars);

}  // namespace perfmodel::tools
