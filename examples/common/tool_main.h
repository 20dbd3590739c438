#pragma once

#include <CLI/CLI.hpp>

namespace perfmodel::tools {

/// Exit codes of all tools.
constexpr int kExitOk = 0, kExitFailed = 1, kExitUsage = 2;

/// Parses the command line and runs what it asks for (the callbacks of `app` and its subcommands). What goes wrong
/// becomes one line on standard error: 1 for work that failed or standard output that could not be written, 2 for a
/// command line that makes no sense.
int run_tool(CLI::App& app, int argc, char** argv);

}  // namespace perfmodel::tools
