#include <gtest/gtest.h>

#include "perfmodel/knob/board.h"

namespace perfmodel {
namespace {

TEST(BoardJson, SurvivesBeingWritten) {
  const Board board = built_in_board("simulated_jetson");
  EXPECT_EQ(Board::from_json(board.to_json()).to_json(), board.to_json());
}

}  // namespace
}  // namespace perfmodel
