// SQLite's C interface, and what its result codes mean here.
#include "gimbal/host/internal/sqlite.hpp"

#include <sqlite3.h>

#include <system_error>

namespace gimbal::host::internal {
namespace {

// How long to wait for another program that is reading or writing the same file.
constexpr int patience_ms = 2000;

ErrorCode code_of(int primary) {
  switch (primary) {
    case SQLITE_NOTADB: return ErrorCode::parse;
    case SQLITE_CORRUPT:
    case SQLITE_CONSTRAINT: return ErrorCode::corrupt;
    default: return ErrorCode::io;
  }
}

}  // namespace

void SqliteStatement::Finalizer::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void SqliteConnection::Closer::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

void SqliteStatement::bind(std::int64_t value) {
  const int status = sqlite3_bind_int64(statement_.get(), ++bound_, value);
  GIMBAL_ASSERT(status == SQLITE_OK);
}

void SqliteStatement::bind(double value) {
  const int status = sqlite3_bind_double(statement_.get(), ++bound_, value);
  GIMBAL_ASSERT(status == SQLITE_OK);
}

void SqliteStatement::bind(std::string_view value) {
  // The length is given apart: a view may hold anything. SQLite copies the bytes before the call returns.
  const int status = sqlite3_bind_text64(statement_.get(), ++bound_, value.data() == nullptr ? "" : value.data(),
                                         value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  GIMBAL_ASSERT(status == SQLITE_OK);
}

Result<bool> SqliteStatement::step() {
  const int status = sqlite3_step(statement_.get());
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  return connection_->failure();
}

Result<void> SqliteStatement::run() {
  const Result<bool> stepped = step();
  sqlite3_reset(statement_.get());
  bound_ = 0;
  if (!stepped) return Unexpected{stepped.error()};
  return {};
}

std::int64_t SqliteStatement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
double SqliteStatement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }
bool SqliteStatement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

std::string SqliteStatement::text(int column) const {
  const unsigned char* start = sqlite3_column_text(statement_.get(), column);
  if (start == nullptr) return {};
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return std::string{reinterpret_cast<const char*>(start), size};
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path, const std::string& what) {
  // A leading `./`, since names such as `:memory:` mean something else to SQLite.
  const std::string name = path.starts_with('/') ? path : "./" + path;
  sqlite3* raw = nullptr;
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int status = sqlite3_open_v2(name.c_str(), &raw, flags, nullptr);
  if (raw == nullptr) return fail(ErrorCode::io, "{}: out of memory", what);
  // The constructor is private, so that make_unique cannot reach it.
  auto connection = std::unique_ptr<SqliteConnection>{new SqliteConnection{raw, what}};
  if (status != SQLITE_OK) return connection->failure();
  sqlite3_busy_timeout(raw, patience_ms);
  return connection;
}

Result<SqliteStatement> SqliteConnection::prepare(const char* sql) const {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(connection_.get(), sql, -1, &statement, nullptr) != SQLITE_OK) return failure();
  return SqliteStatement{*this, statement};
}

Result<void> SqliteConnection::execute(const char* sql) const {
  if (sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
  return {};
}

Result<std::int64_t> SqliteConnection::integer_of(const char* sql) const {
  Result<SqliteStatement> statement = prepare(sql);
  if (!statement) return Unexpected{statement.error()};
  if (const Result<bool> row = statement->step(); !row) return Unexpected{row.error()};
  return statement->integer(0);
}

Result<std::string> SqliteConnection::text_of(const char* sql) const {
  Result<SqliteStatement> statement = prepare(sql);
  if (!statement) return Unexpected{statement.error()};
  if (const Result<bool> row = statement->step(); !row) return Unexpected{row.error()};
  return statement->text(0);
}

Unexpected SqliteConnection::failure() const {
  const int primary = sqlite3_errcode(connection_.get()) & 0xff;
  const int reason = sqlite3_system_errno(connection_.get());
  const bool from_system = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_FULL;
  const std::string cause =
      from_system && reason != 0 ? fmt::format(" ({})", std::generic_category().message(reason)) : std::string{};
  return fail(code_of(primary), "{}: {}{}", what_, sqlite3_errmsg(connection_.get()), cause);
}

}  // namespace gimbal::host::internal
