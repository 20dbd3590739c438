// Saved transfer sessions: what is restored saves the same text again.

#include <nlohmann/json.hpp>

#include "fuzz_target.h"
#include "transfer_example.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace perfmodel;
  static const TransferExample example = transfer_example();
  expect_answer_or_error([&] {
    const std::string saved(text_of(data, size));
    const auto session =
        restore_transfer(saved, example.problem, example.source_model, example.target_learner, example.options);
    require(nlohmann::json::parse(session->save()) == nlohmann::json::parse(saved), "saved as another text");
    session->ask(1);
  });
  return 0;
}
