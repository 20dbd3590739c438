#include "store/sqlite.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/file.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

ErrorCode code_of(int result) {
  switch (result & 0xff) {
    case SQLITE_FULL:
      return ErrorCode::kNoSpace;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::kBusy;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return ErrorCode::kPermission;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return ErrorCode::kCorrupt;
    case SQLITE_NOMEM:
      return ErrorCode::kOutOfMemory;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_PROTOCOL:
    case SQLITE_NOLFS:
      return ErrorCode::kIo;
    default:
      return ErrorCode::kInternal;
  }
}

}  // namespace

void throw_sqlite_error(sqlite3* db, int result, const std::string& action, const std::string& path) {
  const int system_errno = db != nullptr ? sqlite3_system_errno(db) : 0;
  const int primary = result & 0xff;
  if ((primary == SQLITE_CANTOPEN || primary == SQLITE_IOERR) && system_errno != 0) {
    throw_errno(action, path, system_errno);
  }
  const std::string words = one_line(db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(result));
  if (primary == SQLITE_NOTADB) {
    throw Error(ErrorCode::kCorrupt, fmt::format("'{}' is not a campaign file: {}", path, words));
  }
  throw Error(code_of(result), fmt::format("cannot {} '{}': {}", action, path, words));
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

SqliteStatement::SqliteStatement(sqlite3* db, const std::string& sql, std::string path) : path_(std::move(path)) {
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr);
  if (result != SQLITE_OK) throw_sqlite_error(db, result, "read", path_);
  statement_.reset(statement);
}

void SqliteStatement::check_bound(int result) {
  if (result != SQLITE_OK) throw_sqlite_error(sqlite3_db_handle(statement_.get()), result, "write", path_);
}

void SqliteStatement::bind(int index, std::int64_t value) {
  check_bound(sqlite3_bind_int64(statement_.get(), index, value));
}

void SqliteStatement::bind(int index, double value) {
  check_bound(sqlite3_bind_double(statement_.get(), index, value));
}

void SqliteStatement::bind(int index, const std::string& value) {
  check_bound(
      sqlite3_bind_text(statement_.get(), index, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT));
}

bool SqliteStatement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) {
    throw_sqlite_error(sqlite3_db_handle(statement_.get()), result, "read", path_);
  }
  sqlite3_reset(statement_.get());
  return false;
}

int SqliteStatement::run() noexcept {
  int result = SQLITE_ROW;
  while (result == SQLITE_ROW) result = sqlite3_step(statement_.get());
  sqlite3_reset(statement_.get());
  return result;
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double SqliteStatement::number(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::numeric_limits<double>::quiet_NaN();
  return sqlite3_column_double(statement_.get(), column);
}

std::string SqliteStatement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (bytes == nullptr) return {};
  return std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

int SqliteStatement::type(int column) const {
  return sqlite3_column_type(statement_.get(), column);
}

std::string SqliteStatement::name(int column) const {
  const char* name = sqlite3_column_name(statement_.get(), column);
  return name != nullptr ? name : "";
}

SqliteConnection::SqliteConnection(const std::string& path, Access access) : path_(path) {
  const int flags = access == Access::kRead ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* db = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &db, flags, nullptr);
  db_.reset(db);
  if (result != SQLITE_OK) throw_sqlite_error(db, result, "open", path_);
  sqlite3_busy_timeout(db, kBusyTimeout_ms);
}

void SqliteConnection::execute(const std::string& sql, const std::string& action) {
  const int result = sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (result == SQLITE_OK) return;
  // The message belongs to the failure, so it is taken before the roll-back, which clears it.
  try {
    throw_sqlite_error(db_.get(), result, action, path_);
  } catch (const Error&) {
    if (sqlite3_get_autocommit(db_.get()) == 0) sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
}

std::int64_t SqliteConnection::query_integer(const std::string& sql) const {
  SqliteStatement statement = prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

}  // namespace perfmodel
