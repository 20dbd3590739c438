// Networks as JSON: what is read is written and read again as the same network.

#include "fuzz_target.h"
#include "perfmodel/network/network.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace perfmodel;
  expect_answer_or_error([&] {
    const std::string text = Network::from_json(text_of(data, size)).to_json();
    std::string again;
    try {
      again = Network::from_json(text).to_json();
    } catch (const Error& error) {
      again = error.what();
    }
    require(again == text, "written as\n" + text + "and read again as\n" + again);
  });
  return 0;
}
