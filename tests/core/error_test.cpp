#include "perfmodel/core/error.h"

#include <set>
#include <type_traits>

#include "expect_error.h"

namespace perfmodel {
namespace {

TEST(Error, KeepsCodeAndMessage) {
  const Error error(ErrorCode::kParse, "line 3: x");
  EXPECT_EQ(error.code(), ErrorCode::kParse);
  EXPECT_STREQ(error.what(), "line 3: x");
  EXPECT_STREQ(Error(error).what(), "line 3: x");
}

TEST(Error, IsOneLineWhateverItQuotes) {
  EXPECT_STREQ(Error(ErrorCode::kParse, "no column 'a\r\nb\tc\x1b[1m\x7f'").what(), "no column 'a  b c [1m '");
  EXPECT_STREQ(Error(ErrorCode::kParse, std::string("a\0b", 3)).what(), "a b");
  EXPECT_STREQ(Error(ErrorCode::kParse,
                     "Gr\xc3\xb6\xc3\x9f"
                     "e")
                   .what(),
               "Gr\xc3\xb6\xc3\x9f"
               "e");
}

TEST(Error, NamesEveryCodeDifferently) {
  std::set<std::string> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code) {
    names.insert(error_code_name(static_cast<ErrorCode>(code)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(ErrorCode::kInternal) + 1);
  EXPECT_STREQ(error_code_name(ErrorCode::kInvalidArgument), "invalid argument");
  EXPECT_STREQ(error_code_name(static_cast<ErrorCode>(999)), "unknown error code");
}

TEST(Status, ThrowsUnlessOk) {
  static_assert(std::is_trivially_copyable_v<Status>);
  EXPECT_NO_THROW(Status{}.throw_if_error());
  EXPECT_PM_ERROR((Status{ErrorCode::kUnsupported, 7, "a layer kind without a model"}.throw_if_error()),
                  ErrorCode::kUnsupported, "a layer kind without a model (at index 7)");
  EXPECT_PM_ERROR((Status{ErrorCode::kInvalidArgument, 7, "a value", 2}.throw_if_error()), ErrorCode::kInvalidArgument,
                  "a value (at index 7, column 2)");
  EXPECT_PM_ERROR((Status{ErrorCode::kMismatch, -1, "too few", -1, 0, 3}.throw_if_error()), ErrorCode::kMismatch,
                  "too few (0 given, 3 needed)");
  try {
    Status{ErrorCode::kMismatch, -1, "sizes"}.throw_if_error();
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "sizes");
  }
}

}  // namespace
}  // namespace perfmodel
