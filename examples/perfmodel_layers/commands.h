#pragma once

#include <CLI/CLI.hpp>

namespace perfmodel::tools {

/// The five things that perfmodel-layers does, as subcommands of `app`.
void add_measure_command(CLI::App& app);
void add_train_command(CLI::App& app);
void add_predict_command(CLI::App& app);
void add_correct_command(CLI::App& app);
void add_evaluate_command(CLI::App& app);

}  // namespace perfmodel::tools
