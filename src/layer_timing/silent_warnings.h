#pragma once

#include <c10/util/Exception.h>
#include <torch/version.h>

#include <string>

namespace perfmodel {

/// For as long as it lives: LibTorch's warnings, of which an operator may have one per call, are not printed.
class SilentWarnings final : c10::WarningHandler {
 public:
  SilentWarnings() : guard_(this) {}

 private:
#if TORCH_VERSION_MAJOR < 2
  void process(const c10::SourceLocation&, const std::string&, bool) override {}
  c10::Warning::WarningHandlerGuard guard_;
#else
  void process(const c10::Warning&) override {}
  c10::WarningUtils::WarningHandlerGuard guard_;
#endif
};

}  // namespace perfmodel
