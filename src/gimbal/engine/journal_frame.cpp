// Layout: header, then frames, each closed by a digest of itself and of the digest before it. The header's own digest
// is the chain's first link, so that a journal of no records has a head too.
#include "gimbal/engine/journal_frame.hpp"

#include <algorithm>
#include <charconv>

namespace gimbal::engine {
namespace {

constexpr std::array<std::uint8_t, 8> magic = {'G', 'I', 'M', 'B', 'A', 'L', 'J', '\n'};
constexpr std::uint32_t format_version = 3;
constexpr std::size_t integer_bytes = 4;
constexpr std::size_t digest_bytes = std::tuple_size_v<Digest>;
constexpr std::size_t header_start_bytes = magic.size() + 2 * integer_bytes;  // magic, version, length of the identity
constexpr std::size_t frame_start_bytes = 2 * integer_bytes;                  // length, checksum
static_assert(frame_start_bytes + digest_bytes == journal_frame_overhead_bytes);

using Integer = std::array<std::uint8_t, integer_bytes>;
using View = std::span<const std::uint8_t>;

Integer encoded(std::uint32_t value) {
  Integer bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(value >> 8U * i);
  return bytes;
}

std::uint32_t decoded(View bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < integer_bytes; ++i) value |= std::uint32_t{bytes[i]} << 8U * i;
  return value;
}

void put(View bytes, Bytes& out) { out.insert(out.end(), bytes.begin(), bytes.end()); }

// The checksum of a length depends on its place in the chain: a length that passes was written here, and not moved
// here.
Integer length_checksum(Sha256& hash, const Digest& previous, View length) {
  hash.update(previous);
  hash.update(length);
  const Digest digest = hash.finish();
  Integer checksum{};
  std::copy_n(digest.begin(), checksum.size(), checksum.begin());
  return checksum;
}

Digest chained(Sha256& hash, const Digest& previous, View length, View record) {
  hash.update(previous);
  hash.update(length);
  hash.update(record);
  return hash.finish();
}

}  // namespace

std::string to_string(const JournalHead& head) { return fmt::format("{}:{}", head.count, to_hex(head.digest)); }

Result<JournalHead> parse_journal_head(std::string_view text) {
  const auto refuse = [text] {
    constexpr std::size_t shown_max = 100;
    return fail(ErrorCode::parse, "'{}' is no journal head: COUNT:HASH, 64 lower-case hexadecimal digits in HASH",
                text.substr(0, shown_max));
  };
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return refuse();
  const std::string_view digits = text.substr(0, colon);
  const bool leading_zero = digits.size() > 1 && digits.front() == '0';
  JournalHead head;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), head.count);
  if (error != std::errc{} || end != digits.data() + digits.size() || leading_zero) return refuse();
  const Result<Digest> digest = digest_from_hex(text.substr(colon + 1));
  if (!digest) return refuse();
  head.digest = *digest;
  return head;
}

Result<JournalHead> encode_journal_header(std::string_view identity, Bytes& out) {
  if (identity.empty() || identity.size() > journal_identity_bytes_max)
    return fail(ErrorCode::invalid_argument, "a journal's identity has 1 to {} bytes, this one has {}",
                journal_identity_bytes_max, identity.size());
  Bytes header;
  put(magic, header);
  put(encoded(format_version), header);
  put(encoded(static_cast<std::uint32_t>(identity.size())), header);
  header.insert(header.end(), identity.begin(), identity.end());
  const JournalHead head{0, sha256(header)};
  put(head.digest, header);
  put(header, out);
  return head;
}

Result<void> JournalEncoder::append(View record, Bytes& out) {
  if (record.size() > journal_record_bytes_max)
    return fail(ErrorCode::limit_exceeded, "a journal record of {} bytes; {} are the most", record.size(),
                journal_record_bytes_max);
  const Integer length = encoded(static_cast<std::uint32_t>(record.size()));
  const Integer checksum = length_checksum(hash_, head_.digest, length);
  const Digest digest = chained(hash_, head_.digest, length, record);
  put(length, out);
  put(checksum, out);
  put(record, out);
  put(digest, out);
  head_ = JournalHead{head_.count + 1, digest};
  return {};
}

Result<std::optional<std::size_t>> JournalScanner::header(View bytes) {
  GIMBAL_ASSERT(!header_read_);
  const std::size_t shared = std::min(bytes.size(), magic.size());
  if (!std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(shared), magic.begin()))
    return fail(ErrorCode::parse, "this is no journal: it does not start with GIMBALJ and a line feed");
  bytes_wanted_ = header_start_bytes;
  if (bytes.size() < bytes_wanted_) return std::optional<std::size_t>{};
  const std::uint32_t version = decoded(bytes.subspan(magic.size()));
  if (version != format_version)
    return fail(ErrorCode::unsupported, "a journal of format version {}; this program reads version {}", version,
                format_version);
  const std::uint32_t identity_bytes = decoded(bytes.subspan(magic.size() + integer_bytes));
  if (identity_bytes == 0 || identity_bytes > journal_identity_bytes_max)
    return fail(ErrorCode::corrupt, "the header gives its identity {} bytes; 1 to {} are possible", identity_bytes,
                journal_identity_bytes_max);
  const std::size_t hashed = header_start_bytes + identity_bytes;
  bytes_wanted_ = hashed + digest_bytes;
  if (bytes.size() < bytes_wanted_) return std::optional<std::size_t>{};
  const Digest digest = sha256(bytes.first(hashed));
  if (!std::equal(digest.begin(), digest.end(), bytes.begin() + static_cast<std::ptrdiff_t>(hashed)))
    return fail(ErrorCode::corrupt, "the header does not match its digest");
  const View identity = bytes.subspan(header_start_bytes, identity_bytes);
  identity_.assign(identity.begin(), identity.end());
  head_ = JournalHead{0, digest};
  offset_ = bytes_wanted_;
  header_read_ = true;
  return std::optional<std::size_t>{bytes_wanted_};
}

Result<std::optional<JournalScanner::Scanned>> JournalScanner::next(View bytes) {
  GIMBAL_ASSERT(header_read_);
  bytes_wanted_ = frame_start_bytes;
  if (bytes.size() < bytes_wanted_) return std::optional<Scanned>{};
  const View length = bytes.first(integer_bytes);
  const View checksum = bytes.subspan(integer_bytes, integer_bytes);
  const Integer expected = length_checksum(hash_, head_.digest, length);
  const std::size_t record_bytes = decoded(length);
  if (!std::equal(expected.begin(), expected.end(), checksum.begin()) || record_bytes > journal_record_bytes_max)
    return fail(ErrorCode::corrupt, "record {} at byte {}: its length does not match its checksum", head_.count,
                offset_);
  bytes_wanted_ = record_bytes + journal_frame_overhead_bytes;
  if (bytes.size() < bytes_wanted_) return std::optional<Scanned>{};
  const View record = bytes.subspan(frame_start_bytes, record_bytes);
  const View written = bytes.subspan(frame_start_bytes + record_bytes, digest_bytes);
  const Digest digest = chained(hash_, head_.digest, length, record);
  if (!std::equal(digest.begin(), digest.end(), written.begin()))
    return fail(ErrorCode::corrupt, "record {} at byte {}: its bytes do not match the hash chain", head_.count,
                offset_);
  head_ = JournalHead{head_.count + 1, digest};
  offset_ += bytes_wanted_;
  return std::optional<Scanned>{Scanned{record, bytes_wanted_}};
}

}  // namespace gimbal::engine
