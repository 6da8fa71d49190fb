// Writing, reading and verifying a journal's folder. The order of a commit is what recovery rests on: records first,
// then their head. So a head never speaks of records that are not durable, and records past the head are a commit that
// died between the two.
#include "gimbal/host/journal_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

#include "gimbal/host/internal/file_descriptor.hpp"

namespace gimbal::host {
namespace {

using engine::JournalHead;
using engine::JournalScanner;
using internal::FileDescriptor;
using internal::system_failure;
using View = std::span<const std::uint8_t>;

constexpr const char* journal_name = "journal";
constexpr const char* head_name = "head";
constexpr const char* head_new_name = "head.new";        // a commit that died between writing and renaming its head
constexpr const char* journal_new_name = "journal.new";  // a creation that died likewise

std::string path_in(const std::string& directory, const char* name) { return directory + "/" + name; }

View view_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

/// The names in a folder, sorted.
Result<std::vector<std::string>> names_in(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry{directory, error};
  while (!error && entry != std::filesystem::directory_iterator{}) {
    names.push_back(entry->path().filename().string());
    entry.increment(error);
  }
  if (error) return fail(ErrorCode::io, "cannot list {}: {}", directory, error.message());
  std::sort(names.begin(), names.end());
  return names;
}

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A name that no journal's folder holds at any point of its life.
std::optional<std::string> foreign_in(const std::vector<std::string>& names) {
  const bool created = holds(names, journal_name);
  for (const std::string& name : names) {
    const bool ours =
        name == journal_name || name == head_name || name == head_new_name || (name == journal_new_name && !created);
    if (!ours) return name;
  }
  return std::nullopt;
}

/// What `head` says: one head and a line feed, and not a byte else.
Result<JournalHead> read_head(const FileDescriptor& folder, const std::string& directory) {
  const std::string path = path_in(directory, head_name);
  const Result<FileDescriptor> file = internal::open_in(folder, head_name, O_RDONLY, path);
  if (!file) return Unexpected{file.error()};
  std::array<std::uint8_t, 128> bytes{};  // 20 digits, a colon, 64 digits, a line feed, and room to see more
  const Result<std::size_t> size = internal::read_on(*file, bytes, path);
  if (!size) return Unexpected{size.error()};
  const std::string_view text{reinterpret_cast<const char*>(bytes.data()), *size};
  if (text.empty() || text.back() != '\n')
    return fail(ErrorCode::corrupt, "{} does not hold one line COUNT:HASH", path);
  const Result<JournalHead> head = engine::parse_journal_head(text.substr(0, text.size() - 1));
  if (!head) return with_context(head.error(), path);
  return head;
}

/// The file `journal` as a stream of verified records, one of them in memory at a time.
class Scan {
 public:
  explicit Scan(const std::string& directory) : path_{path_in(directory, journal_name)} {}

  Result<void> begin(FileDescriptor file) {
    file_ = std::move(file);
    while (true) {
      const Result<std::optional<std::size_t>> consumed = scanner_.header(rest());
      if (!consumed) return with_context(consumed.error(), path_);
      if (*consumed) {
        start_ += **consumed;
        return {};
      }
      const Result<bool> more = refill();
      if (!more) return Unexpected{more.error()};
      if (!*more) return fail(ErrorCode::corrupt, "{}: the file ends inside its header", path_);
    }
  }

  Result<std::optional<View>> next() {
    while (true) {
      const auto scanned = scanner_.next(rest());
      if (!scanned) return with_context(scanned.error(), path_);
      if (*scanned) {
        start_ += (*scanned)->bytes;
        return std::optional<View>{(*scanned)->record};
      }
      const Result<bool> more = refill();
      if (!more) return Unexpected{more.error()};
      if (!*more) return std::optional<View>{};
    }
  }

  [[nodiscard]] const JournalScanner& scanner() const { return scanner_; }
  [[nodiscard]] std::uint64_t torn_bytes() const { return end_ - start_; }
  [[nodiscard]] FileDescriptor take_file() { return std::move(file_); }

 private:
  [[nodiscard]] View rest() const { return View{buffer_}.subspan(start_, end_ - start_); }

  // Reads on until what the scanner wants is there. False when the file ends before.
  Result<bool> refill() {
    constexpr std::size_t chunk_bytes = 1U << 18U;
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(start_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= start_;
    start_ = 0;
    buffer_.resize(std::max({buffer_.size(), chunk_bytes, scanner_.bytes_wanted()}));
    const Result<std::size_t> got = internal::read_on(file_, std::span{buffer_}.subspan(end_), path_);
    if (!got) return Unexpected{got.error()};
    end_ += *got;
    return end_ >= scanner_.bytes_wanted();
  }

  std::string path_;
  FileDescriptor file_;
  JournalScanner scanner_;
  Bytes buffer_;
  std::size_t start_ = 0;  // what is not consumed is buffer_[start_, end_)
  std::size_t end_ = 0;
};

/// Follows a scan and compares the digest that it had at one count with a head that somebody noted.
class HeadCheck {
 public:
  explicit HeadCheck(std::optional<JournalHead> noted) : noted_{noted} {}

  void see(const JournalHead& head) {
    if (noted_ && head.count == noted_->count) matched_ = head == *noted_;
  }
  /// Nothing when the noted head was met; otherwise what is wrong with a journal of `records`.
  [[nodiscard]] std::optional<std::string> objection(std::uint64_t records, const std::string& whose) const {
    if (!noted_ || (matched_ && *matched_)) return std::nullopt;
    if (noted_->count > records)
      return fmt::format("the journal has {} complete records, {} counts {}", records, whose, noted_->count);
    return fmt::format("the first {} records are not those that {} stands for", noted_->count, whose);
  }

 private:
  std::optional<JournalHead> noted_;
  std::optional<bool> matched_;
};

}  // namespace

// ---------------------------------------------------------------------------------------------------------- writing

struct JournalWriter::State {
  std::string directory;
  FileDescriptor folder;  // holds the lock
  FileDescriptor file;
  bool folder_made = false;
  bool locked = false;
  JournalOpening opening;
  JournalHead head_committed;
  std::uint64_t bytes_committed = 0;
  std::unique_ptr<engine::JournalEncoder> encoder;
  Bytes pending;
  std::optional<Error> failure;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (locked && opening.created && head_committed.count == 0) remove_files();
    if (folder_made && head_committed.count == 0) ::rmdir(directory.c_str());
  }

  Result<void> lock_folder();
  Result<void> create(std::string_view identity);
  Result<void> resume(std::string_view identity, const JournalVisitor& visit);
  Result<void> cut_tail(std::uint64_t torn_bytes);
  Result<void> write_group();

  void remove_files() const {
    for (const char* name : {journal_new_name, head_new_name, journal_name, head_name})
      ::unlinkat(folder.raw(), name, 0);
  }
};

Result<void> JournalWriter::State::lock_folder() {
  folder_made = ::mkdir(directory.c_str(), 0777) == 0;
  if (!folder_made && errno != EEXIST) return system_failure("create", directory);
  Result<FileDescriptor> opened = internal::open_folder(directory);
  if (!opened) return Unexpected{opened.error()};
  folder = std::move(*opened);
  if (::flock(folder.raw(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return system_failure("lock", directory);
    return fail(ErrorCode::invalid_argument, "journal {} is open in another process", directory);
  }
  locked = true;
  return {};
}

// The head goes first and the journal, under its own name, last: a folder without the file `journal` holds no records.
Result<void> JournalWriter::State::create(std::string_view identity) {
  const Result<JournalHead> head_found = read_head(folder, directory);
  const bool head_absent = !head_found && head_found.error().code == ErrorCode::missing_data;
  if (!head_absent && !(head_found && head_found->count == 0))
    return fail(ErrorCode::corrupt, "{} holds a head and no journal: its records were removed", directory);
  Bytes header;
  const Result<JournalHead> head = engine::encode_journal_header(identity, header);
  if (!head) return Unexpected{head.error()};
  opening.created = true;
  const std::string path = path_in(directory, journal_name);
  const std::string line = engine::to_string(*head) + "\n";
  if (auto done = internal::replace_file(folder, head_name, view_of(line), path_in(directory, head_name)); !done)
    return done;
  if (auto done = internal::replace_file(folder, journal_name, header, path); !done) return done;
  if (auto done = internal::make_names_durable(folder, directory); !done) return done;
  Result<FileDescriptor> opened = internal::open_in(folder, journal_name, O_RDWR, path);
  if (!opened) return Unexpected{opened.error()};
  file = std::move(*opened);
  head_committed = *head;
  bytes_committed = header.size();
  return {};
}

Result<void> JournalWriter::State::resume(std::string_view identity, const JournalVisitor& visit) {
  const std::string path = path_in(directory, journal_name);
  Result<FileDescriptor> opened = internal::open_in(folder, journal_name, O_RDWR, path);
  if (!opened) return Unexpected{opened.error()};
  Scan scan{directory};
  if (auto begun = scan.begin(std::move(*opened)); !begun) return begun;
  const JournalScanner& scanner = scan.scanner();
  if (scanner.identity() != identity)
    return fail(
        ErrorCode::invalid_argument,
        "journal {} was written by configuration {}, this one is {}: a journal is continued by the configuration "
        "that began it",
        directory, scanner.identity(), identity);
  const Result<JournalHead> noted = read_head(folder, directory);
  if (!noted) return Unexpected{noted.error()};
  HeadCheck check{*noted};
  check.see(scanner.head());
  while (true) {
    const std::uint64_t number = scanner.head().count;
    const Result<std::optional<View>> record = scan.next();
    if (!record) return Unexpected{record.error()};
    if (!*record) break;
    check.see(scanner.head());
    if (!visit) continue;
    if (auto seen = visit(number, **record); !seen) return seen;
  }
  if (const auto objection = check.objection(scanner.head().count, "its file head"); objection)
    return fail(ErrorCode::corrupt, "journal {}: {}", directory, *objection);
  opening.records = scanner.head().count;
  opening.records_past_head = opening.records - noted->count;
  head_committed = scanner.head();
  bytes_committed = scanner.offset();
  const std::uint64_t torn_bytes = scan.torn_bytes();
  file = scan.take_file();
  return cut_tail(torn_bytes);
}

Result<void> JournalWriter::State::cut_tail(std::uint64_t torn_bytes) {
  if (torn_bytes > 0) {
    const std::string path = path_in(directory, journal_name);
    if (::ftruncate(file.raw(), static_cast<off_t>(bytes_committed)) != 0) return system_failure("shorten", path);
    if (auto durable = internal::make_durable(file, path); !durable) return durable;
    opening.torn_bytes_cut = torn_bytes;
  }
  if (::unlinkat(folder.raw(), head_new_name, 0) != 0 && errno != ENOENT)
    return system_failure("remove", path_in(directory, head_new_name));
  return {};
}

// Up to the renaming of the head every failure is undone; after it the group counts as written.
Result<void> JournalWriter::State::write_group() {
  const std::string path = path_in(directory, journal_name);
  const std::string line = engine::to_string(encoder->head()) + "\n";
  const auto written = [&]() -> Result<void> {
    if (auto done = internal::write_at(file, pending, bytes_committed, path); !done) return done;
    if (auto done = internal::make_durable(file, path); !done) return done;
    return internal::replace_file(folder, head_name, view_of(line), path_in(directory, head_name));
  }();
  if (!written) {
    // Where even this fails, a torn or uncounted tail is left, which the next opening deals with.
    if (::ftruncate(file.raw(), static_cast<off_t>(bytes_committed)) == 0) ::fdatasync(file.raw());
    return written;
  }
  bytes_committed += pending.size();
  head_committed = encoder->head();
  pending.clear();
  return internal::make_names_durable(folder, directory);
}

JournalWriter::JournalWriter(std::unique_ptr<State> state) : state_{std::move(state)} {}
JournalWriter::JournalWriter(JournalWriter&&) noexcept = default;
JournalWriter& JournalWriter::operator=(JournalWriter&&) noexcept = default;
JournalWriter::~JournalWriter() = default;

Result<JournalWriter> JournalWriter::open(const std::string& directory, std::string_view identity,
                                          const JournalVisitor& visit) {
  auto state = std::make_unique<State>();
  state->directory = directory;
  if (auto locked = state->lock_folder(); !locked) return Unexpected{locked.error()};
  const Result<std::vector<std::string>> names = names_in(directory);
  if (!names) return Unexpected{names.error()};
  if (const auto foreign = foreign_in(*names); foreign)
    return fail(ErrorCode::invalid_argument, "{} holds {}, which is no file of a journal: a journal has its own folder",
                directory, *foreign);
  const bool exists = holds(*names, journal_name);
  const Result<void> opened = exists ? state->resume(identity, visit) : state->create(identity);
  if (!opened) return Unexpected{opened.error()};
  state->encoder = std::make_unique<engine::JournalEncoder>(state->head_committed);
  return JournalWriter{std::move(state)};
}

Result<void> JournalWriter::append(View record) {
  if (state_->failure) return Unexpected{*state_->failure};
  return state_->encoder->append(record, state_->pending);
}

Result<JournalHead> JournalWriter::commit() {
  if (state_->failure) return Unexpected{*state_->failure};
  if (state_->pending.empty()) return state_->head_committed;
  if (const Result<void> written = state_->write_group(); !written) {
    state_->failure = written.error();
    return Unexpected{written.error()};
  }
  return state_->head_committed;
}

const JournalHead& JournalWriter::head() const { return state_->encoder->head(); }
const JournalHead& JournalWriter::head_committed() const { return state_->head_committed; }
const JournalOpening& JournalWriter::opening() const { return state_->opening; }

// ---------------------------------------------------------------------------------------------------------- reading

struct JournalReader::State {
  explicit State(const std::string& directory) : scan{directory} {}
  Scan scan;
};

JournalReader::JournalReader(std::unique_ptr<State> state) : state_{std::move(state)} {}
JournalReader::JournalReader(JournalReader&&) noexcept = default;
JournalReader& JournalReader::operator=(JournalReader&&) noexcept = default;
JournalReader::~JournalReader() = default;

Result<JournalReader> JournalReader::open(const std::string& directory) {
  const Result<FileDescriptor> folder = internal::open_folder(directory);
  if (!folder) return Unexpected{folder.error()};
  Result<FileDescriptor> file = internal::open_in(*folder, journal_name, O_RDONLY, path_in(directory, journal_name));
  if (!file) return Unexpected{file.error()};
  auto state = std::make_unique<State>(directory);
  if (auto begun = state->scan.begin(std::move(*file)); !begun) return Unexpected{begun.error()};
  return JournalReader{std::move(state)};
}

Result<std::optional<View>> JournalReader::next() { return state_->scan.next(); }
const std::string& JournalReader::identity() const { return state_->scan.scanner().identity(); }
const JournalHead& JournalReader::head() const { return state_->scan.scanner().head(); }
std::uint64_t JournalReader::offset() const { return state_->scan.scanner().offset(); }
std::uint64_t JournalReader::torn_bytes() const { return state_->scan.torn_bytes(); }

// -------------------------------------------------------------------------------------------------------- verifying

const char* to_string(JournalStatus status) noexcept {
  switch (status) {
    case JournalStatus::ok: return "ok";
    case JournalStatus::torn: return "torn";
    case JournalStatus::failed: return "failed";
  }
  return "unknown";
}

namespace {

JournalReport failed(JournalReport report, std::string sentence) {
  report.status = JournalStatus::failed;
  report.sentence = std::move(sentence);
  return report;
}

// The verdict on a journal whose every frame verifies.
JournalReport judged(JournalReport report, bool commit_unfinished) {
  report.records_past_head = report.head.count - report.head_file->count;
  report.sentence = fmt::format("{} records verified", report.head.count);
  if (report.records_past_head > 0)
    report.sentence += fmt::format(", {} of them past the head on disk", report.records_past_head);
  const bool torn = report.torn_bytes > 0 || commit_unfinished;
  report.status = torn ? JournalStatus::torn : JournalStatus::ok;
  if (report.torn_bytes > 0)
    report.sentence += fmt::format("; behind them {} bytes of a record that was never finished", report.torn_bytes);
  if (commit_unfinished) report.sentence += "; head.new was left by a commit that was never finished";
  if (torn) report.sentence += " (opening the journal for writing cuts this off)";
  return report;
}

}  // namespace

Result<JournalReport> verify_journal(const std::string& directory, const std::optional<JournalHead>& head_kept) {
  const Result<FileDescriptor> folder = internal::open_folder(directory);
  if (!folder) return Unexpected{folder.error()};
  // The head is read before the records, so that a writer at work can only add to what it counts.
  const Result<JournalHead> head_file = read_head(*folder, directory);
  const Result<std::vector<std::string>> names = names_in(directory);
  if (!names) return Unexpected{names.error()};
  JournalReport report;
  if (head_file) report.head_file = *head_file;
  if (const auto foreign = foreign_in(*names); foreign) return failed(report, "unexpected file " + *foreign);
  const bool head_may_be_first = head_file ? head_file->count == 0 : head_file.error().code == ErrorCode::missing_data;
  if (!holds(*names, journal_name) && !names->empty() && head_may_be_first && !head_kept) {
    report.status = JournalStatus::torn;
    report.sentence = "the journal's creation was never finished, and nothing was ever committed to it";
    return report;
  }

  Result<FileDescriptor> file = internal::open_in(*folder, journal_name, O_RDONLY, path_in(directory, journal_name));
  if (!file) return failed(report, file.error().message);
  Scan scan{directory};
  if (auto begun = scan.begin(std::move(*file)); !begun) return failed(report, begun.error().message);
  const JournalScanner& scanner = scan.scanner();
  report.identity = scanner.identity();
  HeadCheck check_file{report.head_file};
  HeadCheck check_kept{head_kept};
  while (true) {
    report.head = scanner.head();
    check_file.see(report.head);
    check_kept.see(report.head);
    const Result<std::optional<View>> record = scan.next();
    if (!record) return failed(report, record.error().message);
    if (!*record) break;
  }
  report.torn_bytes = scan.torn_bytes();
  if (!head_file) return failed(report, head_file.error().message);
  for (const auto& objection : {check_file.objection(report.head.count, "the head on disk"),
                                check_kept.objection(report.head.count, "the head kept elsewhere")})
    if (objection) return failed(report, *objection);
  return judged(std::move(report), holds(*names, head_new_name));
}

}  // namespace gimbal::host
