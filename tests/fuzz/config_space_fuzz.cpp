// Config spaces as JSON: what is read is written and read again as the same space.

#include "fuzz_target.h"
#include "perfmodel/config/config_space.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace perfmodel;
  expect_answer_or_error([&] {
    const ConfigSpace space = ConfigSpace::from_json(std::string(text_of(data, size)));
    constexpr std::uint64_t kEnough = 1000;
    space.num_feasible(kEnough);
    const std::string text = space.to_json();
    std::string again;
    try {
      again = ConfigSpace::from_json(text).to_json();
    } catch (const Error& error) {
      again = error.what();
    }
    require(again == text, "written as\n" + text + "and read again as\n" + again);
  });
  return 0;
}
