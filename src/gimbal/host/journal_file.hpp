// The journal on disk: a folder with the file `journal` (format: engine/journal_frame.hpp) and the file `head`, which
// says in one line how far the last commit went. One writer at a time; records become durable in groups.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gimbal/engine/journal_frame.hpp"

namespace gimbal::host {

/// Sees each record with its number, 0, 1, 2, ... The bytes are the caller's until it returns. An error ends the
/// reading and is handed on.
using JournalVisitor = std::function<Result<void>(std::uint64_t number, std::span<const std::uint8_t> record)>;

/// What opening a journal for writing found and did.
struct JournalOpening {
  bool created = false;                 ///< There was none before.
  std::uint64_t records = 0;            ///< Verified, and shown to the visitor.
  std::uint64_t records_past_head = 0;  ///< Complete records that the last commit did not live to note in `head`.
  std::uint64_t torn_bytes_cut = 0;     ///< Of a last frame that a stopped writer left unfinished.
};

/// Appends records to a journal. Neither copied nor shared between threads.
class JournalWriter {
 public:
  /// Creates the journal `directory`, whose parent must exist, or continues it after verifying every byte. All records
  /// that it holds are shown to `visit` before anything is changed. Then a torn last frame is cut off.
  ///
  /// A journal that this call created and that nothing was ever committed to is removed with the writer, so that a run
  /// refused for another reason leaves no folder behind.
  /// Errors    invalid_argument when another identity wrote the journal or another process has it open; corrupt when it
  ///           fails verification; io when the operating system refuses. The folder is left as it was.
  [[nodiscard]] static Result<JournalWriter> open(const std::string& directory, std::string_view identity,
                                                  const JournalVisitor& visit = {});
  JournalWriter(JournalWriter&&) noexcept;
  JournalWriter& operator=(JournalWriter&&) noexcept;
  ~JournalWriter();

  /// Puts a record behind the others in memory; commit() makes it durable.
  /// Errors    limit_exceeded for more than engine::journal_record_bytes_max bytes; nothing is changed then.
  [[nodiscard]] Result<void> append(std::span<const std::uint8_t> record);

  /// Makes all appended records durable, in one write and one fdatasync, and then replaces `head`. With nothing
  /// appended this does nothing.
  /// Returns   the head on disk.
  /// Errors    io with path and reason. The journal is cut back to the last commit, and this writer refuses more:
  ///           after a failed fdatasync the kernel may have dropped what it could not write, so that trying again
  ///           proves nothing.
  [[nodiscard]] Result<engine::JournalHead> commit();

  /// Records and chain digest with what is appended and not yet committed.
  [[nodiscard]] const engine::JournalHead& head() const;
  [[nodiscard]] const engine::JournalHead& head_committed() const;
  [[nodiscard]] const JournalOpening& opening() const;

 private:
  struct State;
  explicit JournalWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Reads a journal's records one after another, verifying each; holds one record at a time in memory. Changes nothing.
class JournalReader {
 public:
  /// Errors    io or missing_data when there is no such journal; parse, unsupported or corrupt when its header is none.
  [[nodiscard]] static Result<JournalReader> open(const std::string& directory);
  JournalReader(JournalReader&&) noexcept;
  JournalReader& operator=(JournalReader&&) noexcept;
  ~JournalReader();

  /// The next record, valid until the next call, or nothing at the end.
  /// Errors    corrupt with path, number and offset of the record; io.
  [[nodiscard]] Result<std::optional<std::span<const std::uint8_t>>> next();

  [[nodiscard]] const std::string& identity() const;
  /// Of the records read so far.
  [[nodiscard]] const engine::JournalHead& head() const;
  /// Where the next frame starts.
  [[nodiscard]] std::uint64_t offset() const;
  /// Once next() gave nothing: bytes of an unfinished last frame.
  [[nodiscard]] std::uint64_t torn_bytes() const;

 private:
  struct State;
  explicit JournalReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// What a journal's bytes prove.
enum class JournalStatus : std::uint8_t {
  ok,      ///< Every byte is what the writer wrote, at least as far as the heads say.
  torn,    ///< The same, and behind it the start of a commit that never finished; opening for writing cuts it off.
  failed,  ///< Something was changed, removed or added.
};
/// `ok`, `torn`, `failed`.
[[nodiscard]] const char* to_string(JournalStatus status) noexcept;

struct JournalReport {
  JournalStatus status = JournalStatus::failed;
  std::string identity;                          ///< Empty when the header cannot be read.
  engine::JournalHead head;                      ///< Of the records that verify.
  std::optional<engine::JournalHead> head_file;  ///< What `head` says, where it can be read.
  std::uint64_t records_past_head = 0;           ///< Complete records behind those that `head` notes.
  std::uint64_t torn_bytes = 0;
  std::string sentence;  ///< The verdict for people: what was found, and where.
};

/// Verifies every byte of every file in `directory` against the hash chain, the file `head`, and a head that was kept
/// elsewhere where there is one.
///
/// Whoever can write the folder can rewrite all of it consistently, `head` included; only a head kept elsewhere
/// convicts him, of what he changed before it.
/// Errors    missing_data or io when the folder cannot be read at all; whatever is wrong with its contents is a report.
[[nodiscard]] Result<JournalReport> verify_journal(const std::string& directory,
                                                   const std::optional<engine::JournalHead>& head_kept = std::nullopt);

}  // namespace gimbal::host
