#include "learners_report.h"

#include <algorithm>
#include <filesystem>
#include <limits>

#include "learner_method.h"
#include "paper_figures.h"
#include "perfmodel/core/csv.h"
#include "plot.h"

namespace perfmodel::bench {
namespace {

constexpr std::size_t kDrawnPoints = 1200;

std::string text_of(const Json& row, const std::string& member) {
  return row.contains(member) ? row.at(member).get<std::string>() : "-";
}

const Json* find_row(const std::vector<Json>& rows, const std::string& kind, const std::string& method) {
  for (const Json& row : rows) {
    if (row.at("layer") == kind && row.at("method") == method) return &row;
  }
  return nullptr;
}

std::string paper_mape(const std::string& kind, const std::string& method) {
  for (const PaperFigure& figure : paper_figures()) {
    if (figure.layer == kind && figure.method == method) return figure.mape_pct;
  }
  return "-";
}

/// MAPE of the paper's columns, perfmodel's on whole calls beside the paper's on the execution phase.
MarkdownTable table_1(const std::vector<Json>& rows, const std::vector<std::string>& kinds) {
  MarkdownTable table;
  table.header = {"MAPE in %"};
  for (const PaperColumn& column : paper_columns()) table.header.push_back(column.title);
  for (const std::string& kind : kinds) {
    std::vector<std::string> ours = {kind + ", total of a call, these rows"}, theirs = {kind + ", execution, paper"};
    for (const PaperColumn& column : paper_columns()) {
      const Json* row = find_row(rows, kind, column.method);
      ours.push_back(row == nullptr ? "-" : number_text(*row, "mape_pct"));
      theirs.push_back(paper_mape(kind, column.method));
    }
    table.rows.push_back(ours);
    table.rows.push_back(theirs);
  }
  return table;
}

/// Seconds, and how many threads; "?" of rows from before that was kept.
std::string fit_text(const Json& row) {
  return number_text(row, "fit_s", 0) + " (" +
         (row.contains("num_threads") ? number_text(row, "num_threads", 0) : "?") + ")";
}

/// One line per method.
MarkdownTable summary_of(const std::vector<Json>& rows, const StudyOptions& options) {
  MarkdownTable table;
  table.header = {"learner", "features"};
  for (const std::string& kind : options.kinds) table.header.push_back(kind + ", MAPE %");
  for (const std::string& kind : options.kinds) table.header.push_back(kind + ", fit s (threads)");
  for (const LearnerMethod& method : learner_methods(options)) {
    std::vector<std::string> cells = {method.name, feature_set_name(method.features)}, fits;
    bool is_known = false;
    for (const std::string& kind : options.kinds) {
      const Json* row = find_row(rows, kind, method.name);
      is_known = is_known || row != nullptr;
      cells.push_back(row == nullptr ? "-" : number_text(*row, "mape_pct"));
      fits.push_back(row == nullptr ? "-" : fit_text(*row));
    }
    cells.insert(cells.end(), fits.begin(), fits.end());
    if (is_known) table.rows.push_back(std::move(cells));
  }
  return table;
}

/// Every number of one kind's methods, and the paper's below.
MarkdownTable errors_of(const std::vector<Json>& rows, const std::string& kind) {
  MarkdownTable table;
  table.header = {kind + ", total of a call",
                  "features",
                  "MAPE %",
                  "RMSE ms",
                  "MAE ms",
                  "R2",
                  "within 10 %",
                  "p95 of error %",
                  "in 90 % interval, %",
                  "mean width, %",
                  "fit s (threads)",
                  "rows",
                  "chosen",
                  "kept"};
  for (const Json& row : rows) {
    if (row.at("layer") != kind) continue;
    table.rows.push_back({text_of(row, "method"), text_of(row, "features"), number_text(row, "mape_pct"),
                          number_text(row, "rmse_ms", 3), number_text(row, "mae_ms", 3), number_text(row, "r2", 4),
                          number_text(row, "within_10_pct", 1), number_text(row, "p95_ape_pct", 1),
                          number_text(row, "coverage_90_pct", 1), number_text(row, "interval_width_pct", 1),
                          fit_text(row), number_text(row, "training_rows", 0), text_of(row, "chosen"),
                          text_of(row, "kept")});
  }
  for (const PaperFigure& figure : paper_figures()) {
    if (figure.layer != kind) continue;
    std::vector<std::string> cells = {
        "paper's " + figure.method + ", execution", "paper", figure.mape_pct, figure.rmse_ms, figure.mae_ms, figure.r2};
    cells.resize(table.header.size(), "-");
    table.rows.push_back(cells);
  }
  return table;
}

tools::LineSeries epochs_of(const Json& row, const std::string& title) {
  tools::LineSeries series;
  series.title = title;
  for (const Json& error : row.at("epoch_validation_mape_pct")) {
    series.x.push_back(static_cast<double>(series.x.size() + 1));
    series.y.push_back(error.is_number() ? error.get<double>() : std::numeric_limits<double>::quiet_NaN());
  }
  return series;
}

using Pictures = std::vector<StudyReport::Picture>;

void draw_epochs(const std::vector<Json>& rows, const std::string& kind, const StudyReport& report,
                 Pictures& pictures) {
  const Json* with = find_row(rows, kind, "resperfnet_paper");
  const Json* without = find_row(rows, kind, "resperfnet_no_box_cox");
  if (with == nullptr || without == nullptr) return;
  const tools::LinePlot plot{"ResPerfNet as published, " + kind + ", total of a call",
                             "epoch",
                             "MAPE on validation rows (%)",
                             {epochs_of(*with, "with Box-Cox"), epochs_of(*without, "without")}};
  pictures.push_back(
      {report.with_suffix("layers_epochs_" + kind), "error per epoch with and without Box-Cox, " + kind});
  tools::plot_lines(report.picture_path(pictures.back().name), plot);
}

/// The first of the test rows, which stand in random order.
tools::ScatterPanel panel_of(const std::string& path, const std::string& title) {
  const CsvTable table = read_csv(path);
  tools::ScatterPanel panel{title, {}, {}};
  for (std::size_t i = 0; i < std::min(table.rows.size(), kDrawnPoints); ++i) {
    const double predicted = table.number(i, 1);
    if (predicted <= 0) continue;  // has no place on a logarithmic axis
    panel.measured_ms.push_back(table.number(i, 0));
    panel.predicted_ms.push_back(predicted);
  }
  return panel;
}

void draw_predictions(const std::vector<Json>& rows, const std::string& method, const StudyOptions& options,
                      const StudyReport& report, Pictures& pictures) {
  std::vector<tools::ScatterPanel> panels;
  for (const std::string& kind : options.kinds) {
    const std::string path = predictions_path(options, kind, method);
    if (find_row(rows, kind, method) == nullptr || !std::filesystem::exists(path)) continue;
    panels.push_back(panel_of(path, kind + ", total of a call, " + method));
  }
  if (panels.empty()) return;
  pictures.push_back({report.with_suffix("layers_predicted_" + method), "predicted against measured, " + method});
  tools::plot_scatter(report.picture_path(pictures.back().name), panels);
}

}  // namespace

std::string predictions_path(const StudyOptions& options, const std::string& kind, const std::string& method) {
  return options.output + "/predictions/" + kind + "_" + method + rows_suffix(options) + ".csv";
}

void report_learners(const std::vector<Json>& rows, const StudyOptions& options, StudyReport& report) {
  if (rows.empty()) return;
  report.add_rows("layers_learners", rows);
  report.add_table("learners", summary_of(rows, options));
  report.add_table("table_1", table_1(rows, options.kinds));
  for (const std::string& kind : options.kinds) report.add_table("learners_" + kind, errors_of(rows, kind));
  if (!tools::can_plot()) return;
  Pictures epochs, predicted;
  for (const std::string& kind : options.kinds) draw_epochs(rows, kind, report, epochs);
  for (const char* method : {"resperfnet_paper", "layer_blend"}) {
    draw_predictions(rows, method, options, report, predicted);
  }
  report.add_pictures("epochs", epochs);
  report.add_pictures("predicted", predicted);
}

}  // namespace perfmodel::bench
