#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

#include "core/writer_lock.h"
#include "perfmodel/core/error.h"
#include "perfmodel/measure/campaign.h"
#include "store/campaign_schema.h"
#include "store/sqlite.h"

namespace perfmodel {
namespace {

/// "PFMC" in the file's header: a campaign, and not another program's database.
constexpr std::int64_t kApplicationId = 0x50464d43;
constexpr std::int64_t kFormatVersion = 1;
/// Keeps the write-ahead log small: it is folded into the file when it is this long, every few dozen rows.
constexpr int kWalPages = 64;

constexpr const char* kCreateCampaignSql =
    "CREATE TABLE campaign (role TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, "
    "PRIMARY KEY (role, position))";

[[noreturn]] void throw_corrupt(const std::string& path, const std::string& why) {
  throw Error(ErrorCode::kCorrupt, fmt::format("'{}' is not a campaign file: {}", path, why));
}

/// The file itself, whatever links lead to it, so that all who mean it lock the same name.
std::string resolved_path(const std::string& path) {
  if (path.empty()) throw Error(ErrorCode::kInvalidArgument, "campaign file: the path is empty");
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  const std::filesystem::path canonical = std::filesystem::weakly_canonical(absolute, error);
  return error ? absolute.string() : canonical.string();
}

void create_campaign(SqliteConnection& db, const CampaignSchema& schema) {
  // All or nothing: a process killed here leaves a file that is still empty.
  db.execute("BEGIN IMMEDIATE", "create");
  db.execute(fmt::format("PRAGMA application_id = {}", kApplicationId), "create");
  db.execute(fmt::format("PRAGMA user_version = {}", kFormatVersion), "create");
  db.execute(kCreateCampaignSql, "create");
  db.execute(create_measurement_sql(schema), "create");
  SqliteStatement insert = db.prepare("INSERT INTO campaign (role, position, name, value) VALUES (?, ?, ?, ?)");
  const auto add = [&](const char* role, std::size_t position, const std::string& name, const std::string& value) {
    insert.bind(1, std::string(role));
    insert.bind(2, static_cast<std::int64_t>(position));
    insert.bind(3, name);
    insert.bind(4, value);
    insert.step();
  };
  add("purpose", 0, "purpose", schema.purpose);
  for (std::size_t i = 0; i < schema.input_columns.size(); ++i) add("input", i, schema.input_columns[i], "");
  for (std::size_t i = 0; i < schema.output_columns.size(); ++i) add("output", i, schema.output_columns[i], "");
  std::size_t position = 0;
  for (const auto& [key, value] : schema.identity) add("identity", position++, key, value);
  db.execute("COMMIT", "create");
}

/// The statement that made `table`, empty when there is no such table.
std::string table_sql(const SqliteConnection& db, const std::string& table) {
  SqliteStatement select = db.prepare("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?");
  select.bind(1, table);
  return select.step() ? select.text(0) : "";
}

CampaignSchema read_schema(const SqliteConnection& db) {
  CampaignSchema schema;
  SqliteStatement select = db.prepare("SELECT role, name, value FROM campaign ORDER BY role, position");
  while (select.step()) {
    const std::string role = select.text(0);
    if (role == "purpose") schema.purpose = select.text(2);
    if (role == "input") schema.input_columns.push_back(select.text(1));
    if (role == "output") schema.output_columns.push_back(select.text(1));
    if (role == "identity") schema.identity[select.text(1)] = select.text(2);
  }
  return schema;
}

/// Checks the file from its header to its pages and answers the schema that it holds.
CampaignSchema check_campaign(const SqliteConnection& db, const std::string& path) {
  const std::int64_t application_id = db.query_integer("PRAGMA application_id");
  const std::int64_t version = db.query_integer("PRAGMA user_version");
  if (application_id != kApplicationId) {
    throw_corrupt(path, db.query_integer("SELECT count(*) FROM sqlite_master") == 0
                            ? "it is empty"
                            : "it is a database of another program");
  }
  if (version > kFormatVersion) {
    throw Error(ErrorCode::kVersion, fmt::format("'{}' has campaign format {}, this build reads up to format {}", path,
                                                 version, kFormatVersion));
  }
  if (version < 1) throw_corrupt(path, fmt::format("format {} does not exist", version));
  SqliteStatement check = db.prepare("PRAGMA quick_check(1)");
  if (!check.step() || check.text(0) != "ok")
    throw_corrupt(path, fmt::format("it is damaged ({})", one_line(check.text(0))));
  if (table_sql(db, "campaign") != kCreateCampaignSql) throw_corrupt(path, "its description is damaged");
  CampaignSchema schema = read_schema(db);
  if (table_sql(db, "measurement") != create_measurement_sql(schema)) {
    throw_corrupt(path, "its rows do not have the columns of its description");
  }
  return schema;
}

/// Whether nobody wrote anything yet: a new file, or one whose creator was killed.
bool is_empty(const SqliteConnection& db) {
  return db.query_integer("PRAGMA application_id") == 0 && db.query_integer("SELECT count(*) FROM sqlite_master") == 0;
}

/// The cells of one row, in order. SQLite lets any column hold any type, and would read a text as 0.
class RowReader {
 public:
  /// @param select  at a row whose first column is its sequence
  RowReader(const SqliteStatement& select, const std::string& path) : select_(select), path_(path) {}

  std::int64_t integer() {
    const int type = select_.type(++column_);
    if (type != SQLITE_INTEGER) reject("an integer");
    return select_.integer(column_);
  }
  double number() {
    const int type = select_.type(++column_);
    if (type != SQLITE_INTEGER && type != SQLITE_FLOAT && type != SQLITE_NULL) reject("a number");
    return select_.number(column_);
  }
  std::string text() { return select_.text(++column_); }

 private:
  [[noreturn]] void reject(const char* expected) const {
    throw Error(ErrorCode::kCorrupt, fmt::format("'{}' is damaged: column '{}' of the row of sequence {} is not {}",
                                                 path_, select_.name(column_), select_.integer(0), expected));
  }

  const SqliteStatement& select_;
  const std::string& path_;
  int column_ = 0;
};

CampaignRow read_row(const SqliteStatement& select, const CampaignSchema& schema, const std::string& path) {
  RowReader reader(select, path);
  CampaignRow row;
  row.candidate = static_cast<std::uint64_t>(reader.integer());
  row.pass = static_cast<int>(reader.integer());
  row.attempt = static_cast<int>(reader.integer());
  row.ok = reader.integer() != 0;
  row.reason = reader.text();
  row.disturbed_fraction = reader.number();
  row.started_unix_s = reader.number();
  row.duration_s = reader.number();
  for (std::size_t i = 0; i < schema.input_columns.size(); ++i) row.inputs.push_back(reader.number());
  for (std::size_t i = 0; i < schema.output_columns.size(); ++i) row.outputs.push_back(reader.number());
  return row;
}

void bind_row(SqliteStatement& insert, const CampaignRow& row) {
  int index = 1;
  insert.bind(index++, static_cast<std::int64_t>(row.candidate));
  insert.bind(index++, std::int64_t{row.pass});
  insert.bind(index++, std::int64_t{row.attempt});
  insert.bind(index++, std::int64_t{row.ok});
  insert.bind(index++, row.reason);
  insert.bind(index++, row.disturbed_fraction);
  insert.bind(index++, row.started_unix_s);
  insert.bind(index++, row.duration_s);
  for (const double value : row.inputs) insert.bind(index++, value);
  for (const double value : row.outputs) insert.bind(index++, value);
}

}  // namespace

struct CampaignStore::Impl {
  std::string path;
  CampaignSchema schema;
  std::unique_ptr<WriterLock> lock;  // null in a store for reading; outlives the connection
  SqliteConnection db;
  SqliteStatement insert;
  bool folds_log = false;  // only once the file has proved to be this campaign's

  ~Impl() {
    insert = SqliteStatement();
    if (!folds_log) return;
    // Folds the write-ahead log into the file, so that a finished campaign is one file that opens even where nothing
    // may be written. A reader at work prevents it; then the log stays, which is as good.
    sqlite3_busy_timeout(db.get(), 0);
    sqlite3_exec(db.get(), "PRAGMA journal_mode = DELETE", nullptr, nullptr, nullptr);
  }

  void require_writer(const char* action) const {
    if (lock == nullptr) {
      throw Error(ErrorCode::kPermission, fmt::format("cannot {} '{}': it was opened for reading only", action, path));
    }
  }
};

CampaignStore::CampaignStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CampaignStore::~CampaignStore() = default;
CampaignStore::CampaignStore(CampaignStore&&) noexcept = default;
CampaignStore& CampaignStore::operator=(CampaignStore&&) noexcept = default;

CampaignStore CampaignStore::open(const std::string& path, const CampaignSchema& schema) {
  check_schema(schema);
  const std::string file = resolved_path(path);
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->lock = std::make_unique<WriterLock>(file, "a campaign has one writer at a time");
  impl->db = SqliteConnection(file, SqliteConnection::Access::kWrite);
  SqliteConnection& db = impl->db;
  if (!db.writable()) {
    throw Error(ErrorCode::kPermission, fmt::format("cannot write '{}': the file is read-only", path));
  }
  // A commit is on the disk when it returns, its folder's entry included.
  db.execute("PRAGMA synchronous = EXTRA");
  if (is_empty(db)) create_campaign(db, schema);
  impl->schema = check_campaign(db, path);
  check_same_campaign(impl->schema, schema, path);
  impl->folds_log = true;
  // Readers and the writer do not wait for each other. Where the file system cannot do it, SQLite stays with a
  // roll-back journal, which is as durable.
  db.execute(fmt::format("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = {}", kWalPages));
  impl->insert = db.prepare(insert_measurement_sql(impl->schema));
  return CampaignStore(std::move(impl));
}

CampaignStore CampaignStore::open_existing(const std::string& path) {
  const std::string file = resolved_path(path);
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0 && errno == ENOENT) {
    throw Error(ErrorCode::kNotFound, fmt::format("campaign file '{}' does not exist", path));
  }
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->db = SqliteConnection(file, SqliteConnection::Access::kRead);
  impl->schema = check_campaign(impl->db, path);
  return CampaignStore(std::move(impl));
}

const CampaignSchema& CampaignStore::schema() const noexcept {
  return impl_->schema;
}

void CampaignStore::append(const CampaignRow& row) {
  impl_->require_writer("append to");
  check_row(row, impl_->schema);
  if (row.candidate > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("campaign row: candidate {} is above {}", row.candidate,
                                                         std::numeric_limits<std::int64_t>::max()));
  }
  bind_row(impl_->insert, row);
  const int result = impl_->insert.run();
  if (result == SQLITE_DONE) return;
  if ((result & 0xff) == SQLITE_CONSTRAINT) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("'{}' holds candidate {}, pass {}, attempt {} already",
                                                         impl_->path, row.candidate, row.pass, row.attempt));
  }
  throw_sqlite_error(impl_->db.get(), result, "append to", impl_->path);
}

std::vector<CampaignRow> CampaignStore::all_rows() const {
  std::vector<CampaignRow> rows;
  SqliteStatement select = impl_->db.prepare(select_measurements_sql(impl_->schema));
  while (select.step()) rows.push_back(read_row(select, impl_->schema, impl_->path));
  return rows;
}

void CampaignStore::set_max_bytes(std::size_t bytes) {
  impl_->require_writer("limit");
  const auto page_bytes = static_cast<std::size_t>(impl_->db.query_integer("PRAGMA page_size"));
  impl_->db.query_integer(fmt::format("PRAGMA max_page_count = {}", std::max<std::size_t>(1, bytes / page_bytes)));
}

}  // namespace perfmodel
