// Tables: what is read is written and read again as the same table, and every cell is a number, or an error.

#include "fuzz_target.h"
#include "perfmodel/core/csv.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace perfmodel;
  expect_answer_or_error([&] {
    const CsvTable table = parse_csv(text_of(data, size));
    const CsvTable again = parse_csv(to_csv(table));
    require(again.columns == table.columns && again.rows == table.rows, "the table changes when it is written");
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      for (std::size_t column = 0; column < table.columns.size(); ++column) {
        expect_answer_or_error([&] { format_number(table.number(row, column)); });
      }
    }
  });
  return 0;
}
