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

/// Numbers of several series, side by side in groups.
struct GroupedBars {
  std::string title, unit;                  ///< unit: label of the vertical axis
  std::vector<std::string> groups;          ///< from left to right
  std::vector<std::string> series;          ///< a colour each
  std::vector<std::vector<double>> values;  ///< [group][series]; NaN: no bar
};

/// Writes an SVG of groups of bars, logarithmic axis.  @throws Error kIo.
void plot_groups(const std::string& path, const GroupedBars& bars);

/// One line of a plot; a value that is not finite is a gap.
struct LineSeries {
  std::string title;
  std::vector<double> x, y;
};

/// Lines in one panel.
struct LinePlot {
  std::string title, x_label, y_label;
  std::vector<LineSeries> series;  ///< a colour each
};

/// Writes an SVG of lines, logarithmic vertical axis.  @throws Error kIo.
void plot_lines(const std::string& path, const LinePlot& plot);

}  // namespace perfmodel::tools
