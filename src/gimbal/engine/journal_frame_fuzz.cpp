// Fuzz target of the journal's scanner. Two uses of the input: as a journal (the scanner gives records or an error, and
// what it accepts is byte for byte what the writer writes), and, since random bytes never pass a hash, as records to be
// written and one change to be made to them, which must be noticed.
#include <cstddef>
#include <cstdint>

#include "gimbal/engine/journal_frame.hpp"

namespace {

using namespace gimbal;
using engine::JournalScanner;

// What is accepted must be what encoding the same records gives. Returns the bytes accepted, or nothing on an error.
std::optional<std::size_t> accepted(std::span<const std::uint8_t> bytes) {
  JournalScanner scanner;
  const auto header = scanner.header(bytes);
  if (!header) return std::nullopt;
  if (!*header) return 0;
  std::size_t at = **header;
  Bytes again;
  const auto start = engine::encode_journal_header(scanner.identity(), again);
  GIMBAL_ASSERT(start.has_value());
  engine::JournalEncoder encoder{*start};
  while (true) {
    const auto scanned = scanner.next(bytes.subspan(at));
    if (!scanned) return std::nullopt;
    if (!*scanned) break;
    at += (*scanned)->bytes;
    const auto appended = encoder.append((*scanned)->record, again);
    GIMBAL_ASSERT(appended.has_value());
  }
  GIMBAL_ASSERT(scanner.offset() == at);
  GIMBAL_ASSERT(scanner.head() == encoder.head());
  GIMBAL_ASSERT(std::equal(again.begin(), again.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at)));
  return at;
}

// Input: place (2 bytes) and mask of the change, then records, each behind a length byte.
void change_is_noticed(std::span<const std::uint8_t> input) {
  if (input.size() < 3 || input[2] == 0) return;
  const std::size_t place = input[0] + 256U * input[1];
  const std::uint8_t mask = input[2];
  Bytes journal;
  const auto start = engine::encode_journal_header("fuzz", journal);
  GIMBAL_ASSERT(start.has_value());
  engine::JournalEncoder encoder{*start};
  std::size_t at = 3;
  while (at < input.size()) {
    const std::size_t size = std::min<std::size_t>(input[at], input.size() - at - 1);
    const auto appended = encoder.append(input.subspan(at + 1, size), journal);
    GIMBAL_ASSERT(appended.has_value());
    at += 1 + size;
  }
  GIMBAL_ASSERT(accepted(journal) == journal.size());
  journal[place % journal.size()] ^= mask;
  GIMBAL_ASSERT(accepted(journal) != journal.size());  // an error, or a header that now wants more
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> input{data, size};
  static_cast<void>(accepted(input));
  change_is_noticed(input);
  return 0;
}
