#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "perfmodel/core/error.h"

/// Expects `statement` to throw perfmodel::Error with `expected_code` and a message that holds `says`.
#define EXPECT_PM_ERROR(statement, expected_code, says)                                         \
  do {                                                                                          \
    try {                                                                                       \
      statement;                                                                                \
      ADD_FAILURE() << "nothing was thrown, expected: " << (says);                              \
    } catch (const perfmodel::Error& pm_error) {                                                \
      EXPECT_EQ(pm_error.code(), expected_code) << pm_error.what();                             \
      EXPECT_THAT(std::string(pm_error.what()), ::testing::HasSubstr(says));                    \
    }                                                                                           \
  } while (false)
