#include "perfmodel/core/csv.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include "expect_error.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

using Rows = std::vector<std::vector<std::string>>;

TEST(Csv, ReadsCellsAndLines) {
  const CsvTable table = parse_csv("batch,time_ms\n1,2.5\n4,\n", "layers.csv");
  EXPECT_EQ(table.columns, (std::vector<std::string>{"batch", "time_ms"}));
  EXPECT_EQ(table.rows, (Rows{{"1", "2.5"}, {"4", ""}}));
  EXPECT_EQ(table.lines, (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(table.number(0, table.column_index("time_ms")), 2.5);
  EXPECT_EQ(table.text(1, 1), "");
  EXPECT_TRUE(table.has_column("batch"));
  EXPECT_FALSE(table.has_column("Batch"));
}

TEST(Csv, TakesWindowsLinesByteOrderMarkAndNoLastLineEnd) {
  const CsvTable table = parse_csv(
      "\xEF\xBB\xBF"
      "a,b\r\n1,2\r\n\"3\",\"4\"\r\n5,6\r");
  EXPECT_EQ(table.columns, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(table.rows, (Rows{{"1", "2"}, {"3", "4"}, {"5", "6"}}));
}

TEST(Csv, TakesQuotedCells) {
  const CsvTable table = parse_csv("name,\"reason, if any\"\n\"a \"\"b\"\"\",\"two\nlines\"\n,\"\"\nlast,x");
  EXPECT_EQ(table.columns[1], "reason, if any");
  EXPECT_EQ(table.rows, (Rows{{"a \"b\"", "two\nlines"}, {"", ""}, {"last", "x"}}));
  EXPECT_EQ(table.lines, (std::vector<std::size_t>{2, 4, 5}));
}

TEST(Csv, TakesAHeaderAlone) {
  EXPECT_TRUE(parse_csv("a,b").rows.empty());
  EXPECT_TRUE(parse_csv("a,b\n").rows.empty());
}

// Comparing each name with every other one would take minutes here.
TEST(Csv, TakesAWideHeader) {
  constexpr std::size_t kNumColumns = 200'000;
  std::string header;
  for (std::size_t i = 0; i < kNumColumns; ++i) header += "measured_column_" + std::to_string(i) + ",";
  EXPECT_EQ(parse_csv(header + "last").columns.size(), kNumColumns + 1);
  EXPECT_PM_ERROR(parse_csv(header + "measured_column_7"), ErrorCode::kParse, "'measured_column_7' appears twice");
}

struct BadCsv {
  const char* name;
  std::string text;
  const char* says;
};

TEST(Csv, SaysWhichLineIsWrong) {
  const BadCsv kBadTexts[] = {
      {"empty", "", "layers.csv: empty, not even a header line"},
      {"only a byte order mark", "\xEF\xBB\xBF", "not even a header line"},
      {"blank header", "\n1\n", "layers.csv:1: column 1 of the header has no name"},
      {"unnamed column", "a,,c\n", "layers.csv:1: column 2 of the header has no name"},
      {"column twice", "a,b,a\n", "layers.csv:1: column 'a' appears twice in the header"},
      {"too few cells", "a,b\n1,2\n3\n", "layers.csv:3: 1 cells, the header has 2"},
      {"too many cells", "a,b\n1,2,3\n", "layers.csv:2: 3 cells, the header has 2"},
      {"blank line", "a,b\n1,2\n\n3,4\n", "layers.csv:3: 1 cells, the header has 2"},
      {"ragged after a quoted line end", "a,b\n\"x\ny\",2\n3\n", "layers.csv:4: 1 cells"},
      {"endless quote", "a,b\n1,2\n\"3,4\n5,6\n", "layers.csv:3: a quote that never ends"},
      {"text after a quote", "a,b\n\"1\"x,2\n", "layers.csv:2: text after a closing quote"},
      {"quote inside a cell", "a,b\n1\"2,3\n", "layers.csv:2: a quote inside a cell"},
  };
  for (const BadCsv& bad : kBadTexts) {
    SCOPED_TRACE(bad.name);
    EXPECT_PM_ERROR(parse_csv(bad.text, "layers.csv"), ErrorCode::kParse, bad.says);
  }
}

TEST(Csv, NamesAMissingColumnAndThoseThereAre) {
  EXPECT_PM_ERROR(parse_csv("batch,time_ms\n", "layers.csv").column_index("exe_ms"), ErrorCode::kNotFound,
                  "layers.csv: no column 'exe_ms' (there are: batch, time_ms)");
}

TEST(Csv, ReadsNumbers) {
  const CsvTable table = parse_csv("x\n-0.5\n1e-3\n 7 \n12345678901234567890\n2.2250738585072014e-308\n");
  EXPECT_EQ(table.number(0, 0), -0.5);
  EXPECT_EQ(table.number(1, 0), 0.001);
  EXPECT_EQ(table.number(2, 0), 7);
  EXPECT_EQ(table.number(3, 0), 12345678901234567890.0);
  EXPECT_EQ(table.number(4, 0), std::numeric_limits<double>::min());
}

TEST(Csv, RefusesWhatIsNoFiniteNumber) {
  const BadCsv kBadCells[] = {
      {"text", "fast", "layers.csv:3: column 'exe_ms': 'fast' is not a number"},
      {"number and text", "1.5ms", "layers.csv:3: column 'exe_ms': '1.5ms' is not a number"},
      {"decimal comma", "\"1,5\"", "'1,5' is not a number"},
      {"two numbers", "1 2", "'1 2' is not a number"},
      {"hexadecimal", "0x10", "'0x10' is not a number"},
      {"nan", "nan", "layers.csv:3: column 'exe_ms': 'nan' is not a finite number"},
      {"infinity", "-inf", "'-inf' is not a finite number"},
      {"too large", "1e999", "'1e999' is outside the range of a double"},
      {"empty", "", "layers.csv:3: column 'exe_ms': '' is empty where a number belongs"},
      {"blank", "  ", "is empty where a number belongs"},
  };
  for (const BadCsv& bad : kBadCells) {
    SCOPED_TRACE(bad.name);
    const CsvTable table = parse_csv("batch,exe_ms\n1,2\n1," + bad.text + "\n", "layers.csv");
    EXPECT_PM_ERROR(table.number(1, 1), ErrorCode::kParse, bad.says);
  }
}

TEST(Csv, NamesTheRowOfATableMadeInMemory) {
  CsvTable table;
  table.name = "export";
  table.columns = {"a"};
  table.rows = {{"x"}};
  EXPECT_PM_ERROR(table.number(0, 0), ErrorCode::kParse, "export: row 0: column 'a': 'x' is not a number");
  EXPECT_PM_ERROR(table.number(1, 0), ErrorCode::kInvalidArgument, "export: no cell in row 1, column 0");
  EXPECT_PM_ERROR(table.number(0, 1), ErrorCode::kInvalidArgument, "export: no cell in row 0, column 1");
}

TEST(Csv, WritesWhatItReads) {
  CsvTable table;
  table.columns = {"plain", "with, comma"};
  table.rows = {{"a \"quote\"", "line\nend"}, {"", "\r"}, {" space ", "x"}};
  const CsvTable again = parse_csv(to_csv(table));
  EXPECT_EQ(again.columns, table.columns);
  EXPECT_EQ(again.rows, table.rows);
  EXPECT_EQ(to_csv(table).substr(0, 21), "plain,\"with, comma\"\n\"");

  CsvTable narrow;
  narrow.columns = {"a"};
  narrow.rows = {{""}, {"1"}, {""}};
  EXPECT_EQ(to_csv(narrow), "a\n\"\"\n1\n\"\"\n");
  EXPECT_EQ(parse_csv(to_csv(narrow)).rows, narrow.rows);

  CsvTable marked;  // a name that begins as a file with a byte order mark does
  marked.columns = {"\xEF\xBB\xBFx"};
  EXPECT_EQ(parse_csv(to_csv(marked)).columns, marked.columns);
}

TEST(Csv, WritesNoTableThatItCouldNotRead) {
  CsvTable table;
  table.name = "export";
  table.columns = {"a", "b"};
  table.rows = {{"1", "2"}, {"3"}};
  EXPECT_PM_ERROR(to_csv(table), ErrorCode::kMismatch, "export: row 1 has 1 cells, there are 2 columns");
}

TEST(Csv, GoesThroughFiles) {
  const std::string path = temporary_path("table.csv");
  write_csv(parse_csv("a,b\n1,2\n"), path);
  const CsvTable table = read_csv(path);
  std::filesystem::remove(path);
  EXPECT_EQ(table.name, path);
  EXPECT_EQ(table.rows, (Rows{{"1", "2"}}));
  EXPECT_PM_ERROR(read_csv(path), ErrorCode::kNotFound, "cannot read '" + path + "'");
  EXPECT_PM_ERROR(write_csv(table, "/dev/full"), ErrorCode::kNoSpace, "/dev/full");
}

TEST(Csv, FormatsNumbersShortAndExact) {
  EXPECT_EQ(format_number(0.1), "0.1");
  EXPECT_EQ(format_number(3), "3");
  EXPECT_EQ(format_number(-1e-300), "-1e-300");
  EXPECT_EQ(format_number(std::nan("")), "");
  for (const double value : {1.0 / 3, 6.02214076e23, 5e-324, std::numeric_limits<double>::max(), -123456.789}) {
    EXPECT_EQ(std::strtod(format_number(value).c_str(), nullptr), value);
  }
}

TEST(Csv, FindsUnitsInNames) {
  EXPECT_EQ(unit_of_column("time_mean_ms"), "ms");
  EXPECT_EQ(unit_of_column("inference_time_s"), "s");
  EXPECT_EQ(unit_of_column("core_freq_khz"), "khz");
  EXPECT_EQ(unit_of_column("power_watts"), "watts");
  EXPECT_EQ(unit_of_column("batch"), "");
  EXPECT_EQ(unit_of_column("channels_in"), "");
  EXPECT_EQ(unit_of_column("ms"), "");
  EXPECT_EQ(unit_of_column("x_"), "");
  EXPECT_EQ(unit_of_column(""), "");
}

}  // namespace
}  // namespace perfmodel
