// The thin door to SQLite: a connection and its statements as values that clean up after themselves, failures as
// Result.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "gimbal/foundation/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace gimbal::host::internal {

class SqliteConnection;

/// A prepared statement: bind from the first parameter on, step, read columns from 0 on. Does not outlive its
/// connection.
class SqliteStatement {
 public:
  void bind(std::int64_t value);
  void bind(double value);
  void bind(std::string_view value);

  /// True when there is a row to read, false when the statement is done.
  [[nodiscard]] Result<bool> step();
  /// Runs a statement that gives no rows and makes it ready to be bound anew.
  [[nodiscard]] Result<void> run();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  friend class SqliteConnection;
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  SqliteStatement(const SqliteConnection& connection, sqlite3_stmt* statement)
      : connection_{&connection}, statement_{statement} {}

  const SqliteConnection* connection_;
  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
  int bound_ = 0;
};

class SqliteConnection {
 public:
  /// Opens a file for reading and writing, or makes ready to create it. `what` names it in messages: `ledger l.sqlite`.
  [[nodiscard]] static Result<std::unique_ptr<SqliteConnection>> open(const std::string& path, const std::string& what);

  [[nodiscard]] Result<SqliteStatement> prepare(const char* sql) const;
  /// Runs statements that give no rows of interest.
  [[nodiscard]] Result<void> execute(const char* sql) const;
  /// The first column of the first row of a query that always has one.
  [[nodiscard]] Result<std::int64_t> integer_of(const char* sql) const;
  [[nodiscard]] Result<std::string> text_of(const char* sql) const;

  /// The last call's failure. Errors: parse for no database, corrupt for a damaged one or a broken constraint, else io.
  [[nodiscard]] Unexpected failure() const;

 private:
  struct Closer {
    void operator()(sqlite3* connection) const;
  };
  SqliteConnection(sqlite3* connection, std::string what) : connection_{connection}, what_{std::move(what)} {}

  std::unique_ptr<sqlite3, Closer> connection_;
  std::string what_;
};

}  // namespace gimbal::host::internal
