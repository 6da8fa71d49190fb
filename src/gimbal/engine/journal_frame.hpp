// The journal's format: bytes in, bytes out, no files (those are host/journal_file.hpp) and no knowledge of what a
// record means. Every record is framed by its length and chained by SHA-256 to all that went before it, so that one
// digest, the head, stands for the whole journal. The layout, field by field, is in docs/formats.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gimbal/foundation/bytes.hpp"
#include "gimbal/foundation/result.hpp"
#include "gimbal/foundation/sha256.hpp"

namespace gimbal::engine {

/// The largest record, in bytes. A whole option chain is under one megabyte; a length beyond this is refused by the
/// writer and is damage to the reader, which therefore never allocates by a number that it has not proved.
inline constexpr std::size_t journal_record_bytes_max = 64U << 20U;
/// The longest identity, in bytes.
inline constexpr std::size_t journal_identity_bytes_max = 256;
/// What a frame adds to its record: length (4), checksum (4), chain digest (32).
inline constexpr std::size_t journal_frame_overhead_bytes = 40;

/// How many records a journal holds, and the chain digest behind the last of them: the one value that stands for all of
/// its bytes. With no records, the digest is that of the file's header.
struct JournalHead {
  std::uint64_t count = 0;
  Digest digest{};
  friend bool operator==(const JournalHead&, const JournalHead&) = default;
};

/// `COUNT:HASH`: decimal digits without leading zeros, a colon, 64 lower-case hexadecimal digits.
[[nodiscard]] std::string to_string(const JournalHead& head);
/// The reverse, strictly, so that one head has one spelling.
/// Errors    parse, with what was found.
[[nodiscard]] Result<JournalHead> parse_journal_head(std::string_view text);

/// Puts the header of a new journal behind `out` and returns the head of no records. `identity` says what may continue
/// the journal, for example the digest of a configuration.
/// Errors    invalid_argument when the identity is empty or longer than journal_identity_bytes_max.
[[nodiscard]] Result<JournalHead> encode_journal_header(std::string_view identity, Bytes& out);

/// Writes the frames of records behind one another, going on behind the records that a head stands for.
class JournalEncoder {
 public:
  explicit JournalEncoder(const JournalHead& head) : head_{head} {}

  /// Puts the frame of one record, which may be empty, behind `out`.
  /// Errors    limit_exceeded for more than journal_record_bytes_max bytes; nothing is changed then.
  [[nodiscard]] Result<void> append(std::span<const std::uint8_t> record, Bytes& out);
  [[nodiscard]] const JournalHead& head() const { return head_; }

 private:
  JournalHead head_;
  Sha256 hash_;
};

/// Reads a journal's bytes as they come, in pieces of any size, and verifies each of them.
///
/// The caller holds the bytes that follow what was consumed and asks for what stands in front of them. A scan ends in
/// one of three ways: all bytes are consumed; bytes are left over and incomplete (a torn last frame: the writer was
/// stopped in the middle of it); or an error (anything else that the writer never wrote, damaged lengths included).
class JournalScanner {
 public:
  struct Scanned {
    std::span<const std::uint8_t> record;  ///< Within the bytes that were given.
    std::size_t bytes = 0;                 ///< Of the frame: consumed, to be dropped from the front.
  };

  /// The header, which must be read first. Returns the number of bytes consumed, or nothing when `bytes` are too few.
  /// Errors    parse when the bytes are no journal, unsupported for another format version, corrupt when damaged.
  [[nodiscard]] Result<std::optional<std::size_t>> header(std::span<const std::uint8_t> bytes);

  /// The next record, or nothing when `bytes` are too few: then at least bytes_wanted() from the same start are needed.
  /// Errors    corrupt, with number and offset of the record; the scanner must not be used after it.
  [[nodiscard]] Result<std::optional<Scanned>> next(std::span<const std::uint8_t> bytes);

  [[nodiscard]] std::size_t bytes_wanted() const { return bytes_wanted_; }
  /// Of the records scanned so far.
  [[nodiscard]] const JournalHead& head() const { return head_; }
  /// Bytes consumed so far, header included: where the next frame starts.
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] const std::string& identity() const { return identity_; }

 private:
  JournalHead head_;
  Sha256 hash_;
  std::uint64_t offset_ = 0;
  std::size_t bytes_wanted_ = 0;
  bool header_read_ = false;
  std::string identity_;
};

}  // namespace gimbal::engine
