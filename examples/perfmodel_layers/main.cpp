// perfmodel-layers: times layers on this device, learns from them, predicts layers and networks, and compares with what
// networks take from end to end.

#include "commands.h"
#include "stop_signal.h"
#include "tool_main.h"

int main(int argc, char** argv) {
  CLI::App app{"Measures layers on this device in three phases and predicts how long networks run", "perfmodel-layers"};
  app.require_subcommand(1);
  perfmodel::tools::add_measure_command(app);
  perfmodel::tools::add_train_command(app);
  perfmodel::tools::add_predict_command(app);
  perfmodel::tools::add_correct_command(app);
  perfmodel::tools::add_evaluate_command(app);
  return perfmodel::tools::end_of_tool(perfmodel::tools::run_tool(app, argc, argv));
}
