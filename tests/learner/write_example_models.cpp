// Writes one model file per evaluator kind, and their predictions, for tests/data/model_v<N>: run once per format
// version, and check in what comes out. Usage: write_example_models FOLDER

#include <cstdio>
#include <exception>
#include <string>

#include "core/file.h"
#include "model_files_for_tests.h"
#include "perfmodel/core/csv.h"
#include "predict/evaluators_for_tests.h"

namespace {

using namespace perfmodel;

void write_examples(const std::string& folder) {
  CsvTable table;
  table.columns = {"kind", "x0", "x1", "x2", "mean", "lower", "upper", "in_domain"};
  const std::vector<double> rows = example_rows();
  for (const char* kind : kEvaluatorKinds) {
    const Model model = example_model(kind);
    model.save(folder + "/" + kind + ".safetensors");
    const std::vector<Prediction> predictions = predict_all(model, rows);
    for (std::size_t i = 0; i < predictions.size(); ++i) {
      const Prediction& p = predictions[i];
      table.rows.push_back({kind, format_number(rows[3 * i]), format_number(rows[3 * i + 1]),
                            format_number(rows[3 * i + 2]), format_number(p.mean), format_number(p.lower),
                            format_number(p.upper), p.in_domain ? "1" : "0"});
    }
  }
  write_csv(table, folder + "/predictions.csv");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: write_example_models FOLDER\n");
    return 2;
  }
  try {
    write_examples(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
