#include "tool_main.h"

#include <cstdio>
#include <exception>
#include <string>

#include "perfmodel/core/build_info.h"

namespace perfmodel::tools {
namespace {

int fail(const CLI::App& app, const char* message, int exit_code) {
  std::fprintf(stderr, "%s: %s\n", app.get_name().c_str(), message);
  return exit_code;
}

}  // namespace

int run_tool(CLI::App& app, int argc, char** argv) {
  app.set_version_flag("--version", std::string("perfmodel ") + version());
  try {
    app.parse(argc, argv);
    return kExitOk;
  } catch (const CLI::Success& success) {  // --help and --version
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    message = message.substr(0, message.find('\n'));
    return fail(app, (message + " (see --help)").c_str(), kExitUsage);
  } catch (const std::exception& error) {
    return fail(app, error.what(), kExitFailed);
  }
}

}  // namespace perfmodel::tools
