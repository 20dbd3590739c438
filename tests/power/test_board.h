#pragma once

#include "board/board_table.h"
#include "perfmodel/knob/board.h"
