#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>

namespace perfmodel {

/// Throws the Error for a SQLite result code: `cannot <action> '<path>': <SQLite's words>`, of a file that is no
/// database `'<path>' is not a campaign file: <SQLite's words>`.
/// Codes: kNoSpace, kBusy, kPermission, kCorrupt, kNotFound, kOutOfMemory, kIo; kInternal for anything that a
/// correct program never sees.
/// @param db  the connection it happened on; may be null.
[[noreturn]] void throw_sqlite_error(sqlite3* db, int result, const std::string& action, const std::string& path);

/// `text` with blanks for its line ends: what SQLite says may have several lines.
std::string one_line(std::string text);

/// One prepared statement. Texts are bound by copy. Not thread-safe.
class SqliteStatement {
 public:
  SqliteStatement() = default;
  /// @param path  for messages
  SqliteStatement(sqlite3* db, const std::string& sql, std::string path);

  void bind(int index, std::int64_t value);  ///< parameters count from 1
  void bind(int index, double value);        ///< NaN becomes NULL
  void bind(int index, const std::string& value);

  /// Advances to the next row.  @return false at the end; the statement is then ready for use again.
  bool step();
  /// step() to the end, as SQLite's code: SQLITE_DONE when all went well. The statement is ready for use again.
  int run() noexcept;

  std::int64_t integer(int column) const;  ///< columns count from 0
  double number(int column) const;         ///< NULL becomes NaN
  std::string text(int column) const;
  int type(int column) const;  ///< SQLITE_INTEGER, _FLOAT, _TEXT, _BLOB or _NULL
  std::string name(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };
  void check_bound(int result);

  std::string path_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// One connection to one database file. Waits up to kBusyTimeout_ms for locks of others.
class SqliteConnection {
 public:
  enum class Access { kRead, kWrite };
  static constexpr int kBusyTimeout_ms = 2000;

  SqliteConnection() = default;
  /// kWrite creates the file when it is not there.
  SqliteConnection(const std::string& path, Access access);

  /// Runs statements that answer nothing of interest.
  void execute(const std::string& sql) { execute(sql, "write"); }
  void execute(const std::string& sql, const std::string& action);
  SqliteStatement prepare(const std::string& sql) const { return SqliteStatement(db_.get(), sql, path_); }
  /// First cell of the first row.
  std::int64_t query_integer(const std::string& sql) const;

  bool writable() const noexcept { return sqlite3_db_readonly(db_.get(), "main") == 0; }
  sqlite3* get() const noexcept { return db_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
  };
  std::string path_;
  std::unique_ptr<sqlite3, Close> db_;
};

}  // namespace perfmodel
