#include "tool_main.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>

#include "perfmodel/core/build_info.h"

namespace perfmodel::tools {
namespace {

int fail(const CLI::App& app, const char* message, int exit_code) {
  std::fprintf(stderr, "%s: %s\n", app.get_name().c_str(), message);
  return exit_code;
}

int run(CLI::App& app, int argc, char** argv) {
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

}  // namespace

int run_tool(CLI::App& app, int argc, char** argv) {
  app.set_version_flag("--version", std::string("perfmodel ") + version());
  const int exit_code = run(app, argc, argv);
  errno = 0;
  std::cout.flush();
  const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good();
  if (written || exit_code != kExitOk) return exit_code;
  const std::string reason = errno == 0 ? "" : std::string(": ") + std::strerror(errno);
  return fail(app, ("cannot write standard output" + reason).c_str(), kExitFailed);
}

}  // namespace perfmodel::tools
