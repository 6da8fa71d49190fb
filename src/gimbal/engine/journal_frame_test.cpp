// The journal's format on bytes alone: what was written is read back in pieces of any size, and every byte that is
// changed or missing is found.
#include "gimbal/engine/journal_frame.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace gimbal::engine {
namespace {

const std::string identity = "configuration 5e884898";

Bytes bytes_of(std::string_view text) { return Bytes{text.begin(), text.end()}; }

struct Journal {
  Bytes bytes;
  std::vector<JournalHead> heads;  // after 0, 1, 2, ... records
  std::vector<std::size_t> ends;   // of the header and of each frame
};

Journal journal_of(const std::vector<Bytes>& records) {
  Journal journal;
  const Result<JournalHead> start = encode_journal_header(identity, journal.bytes);
  GIMBAL_ASSERT(start.has_value());
  JournalEncoder encoder{*start};
  journal.heads.push_back(*start);
  journal.ends.push_back(journal.bytes.size());
  for (const Bytes& record : records) {
    const Result<void> appended = encoder.append(record, journal.bytes);
    GIMBAL_ASSERT(appended.has_value());
    journal.heads.push_back(encoder.head());
    journal.ends.push_back(journal.bytes.size());
  }
  return journal;
}

struct Reading {
  std::vector<Bytes> records;
  JournalHead head;
  std::size_t left_over = 0;
  std::optional<Error> error;
};

// Reads as a file would be read: `chunk` more bytes whenever the scanner wants more than there are.
Reading read_in_chunks(std::span<const std::uint8_t> bytes, std::size_t chunk) {
  Reading reading;
  JournalScanner scanner;
  std::size_t start = 0;
  std::size_t end = 0;
  bool header_read = false;
  while (true) {
    const auto rest = bytes.subspan(start, end - start);
    std::size_t consumed = 0;
    if (!header_read) {
      const auto header = scanner.header(rest);
      if (!header) {
        reading.error = header.error();
        return reading;
      }
      header_read = header->has_value();
      consumed = header->value_or(0);
    } else {
      const auto scanned = scanner.next(rest);
      if (!scanned) {
        reading.error = scanned.error();
        return reading;
      }
      if (*scanned) {
        consumed = (*scanned)->bytes;
        reading.records.emplace_back((*scanned)->record.begin(), (*scanned)->record.end());
      }
    }
    start += consumed;
    if (consumed > 0) continue;
    GIMBAL_ASSERT(scanner.bytes_wanted() > end - start);
    if (end == bytes.size()) break;
    end = std::min(bytes.size(), end + chunk);
  }
  reading.head = scanner.head();
  reading.left_over = bytes.size() - start;
  return reading;
}

const std::vector<Bytes>& three_records() {
  static const std::vector<Bytes> records = {bytes_of("first"), bytes_of(""), bytes_of("third record")};
  return records;
}

TEST(JournalFrame, RecordsAreReadBackInPiecesOfAnySize) {
  const Journal journal = journal_of(three_records());
  for (std::size_t chunk = 1; chunk <= journal.bytes.size(); ++chunk) {
    const Reading reading = read_in_chunks(journal.bytes, chunk);
    ASSERT_FALSE(reading.error.has_value()) << reading.error->message;
    EXPECT_EQ(reading.records, three_records());
    EXPECT_EQ(reading.head, journal.heads.back());
    EXPECT_EQ(reading.left_over, 0U);
  }
}

TEST(JournalFrame, EveryFlippedBitIsAnError) {
  const Journal journal = journal_of(three_records());
  for (std::size_t at = 0; at < journal.bytes.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      Bytes changed = journal.bytes;
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ (1U << bit));
      EXPECT_TRUE(read_in_chunks(changed, 64).error.has_value()) << "byte " << at << " bit " << bit;
    }
  }
}

TEST(JournalFrame, EveryTruncationLeavesTheWholeRecordsBeforeItAndCountsTheRest) {
  const Journal journal = journal_of(three_records());
  for (std::size_t size = journal.ends.front(); size < journal.bytes.size(); ++size) {
    const Reading reading = read_in_chunks(std::span{journal.bytes}.first(size), 16);
    ASSERT_FALSE(reading.error.has_value()) << reading.error->message;
    const auto past = std::upper_bound(journal.ends.begin(), journal.ends.end(), size);
    const auto whole = static_cast<std::size_t>(past - journal.ends.begin()) - 1;
    EXPECT_EQ(reading.records.size(), whole);
    EXPECT_EQ(reading.head, journal.heads[whole]);
    EXPECT_EQ(reading.left_over, size - journal.ends[whole]);
  }
}

TEST(JournalFrame, ADamagedLengthIsDamageAndNotATornEnd) {
  // Otherwise recovery would cut off every record behind the damage.
  Journal journal = journal_of(three_records());
  journal.bytes[journal.ends.front() + 2] = 0x7f;
  const Reading reading = read_in_chunks(journal.bytes, 64);
  ASSERT_TRUE(reading.error.has_value());
  EXPECT_EQ(reading.error->code, ErrorCode::corrupt);
  EXPECT_EQ(reading.error->message,
            fmt::format("record 0 at byte {}: its length does not match its checksum", journal.ends.front()));
}

TEST(JournalFrame, RecordsCannotBeSwappedDroppedOrRepeated) {
  const std::vector<Bytes> equal_sizes = {bytes_of("aaaa"), bytes_of("bbbb"), bytes_of("cccc")};
  const Journal journal = journal_of(equal_sizes);
  const auto frame = [&](std::size_t i) {
    return std::span{journal.bytes}.subspan(journal.ends[i], journal.ends[i + 1] - journal.ends[i]);
  };
  const std::vector<std::vector<std::size_t>> orders = {{1, 0, 2}, {0, 2}, {1, 2}, {0, 0, 1, 2}, {0, 1, 1}, {0, 2, 1}};
  for (const auto& order : orders) {
    Bytes bytes{journal.bytes.begin(), journal.bytes.begin() + static_cast<std::ptrdiff_t>(journal.ends.front())};
    for (const std::size_t i : order) bytes.insert(bytes.end(), frame(i).begin(), frame(i).end());
    EXPECT_TRUE(read_in_chunks(bytes, 64).error.has_value());
  }
}

TEST(JournalFrame, ChangingAnOldRecordConsistentlyChangesTheHead) {
  const Journal journal = journal_of(three_records());
  std::vector<Bytes> forged = three_records();
  forged[0] = bytes_of("First");
  EXPECT_NE(journal_of(forged).heads.back(), journal.heads.back());
}

TEST(JournalFrame, TheLayoutIsTheDocumentedOne) {
  const Journal journal = journal_of({bytes_of("x")});
  const std::string start{"GIMBALJ\n\3\0\0\0\x16\0\0\0", 16};
  ASSERT_EQ(journal.bytes.size(), 16 + identity.size() + 32 + 4 + 4 + 1 + 32);
  EXPECT_EQ(std::string(journal.bytes.begin(), journal.bytes.begin() + 16), start);
  const auto header = std::span{journal.bytes}.first(16 + identity.size());
  EXPECT_EQ(journal.heads[0].digest, sha256(header));
  // chain = SHA-256(previous, length, record); checksum = the first four bytes of SHA-256(previous, length).
  const Bytes length = {1, 0, 0, 0};
  Sha256 hash;
  hash.update(journal.heads[0].digest);
  hash.update(length);
  const Digest guard = hash.finish();
  EXPECT_TRUE(std::equal(guard.begin(), guard.begin() + 4, journal.bytes.begin() + 16 + 22 + 32 + 4));
  hash.update(journal.heads[0].digest);
  hash.update(length);
  hash.update(std::string_view{"x"});
  EXPECT_EQ(journal.heads[1].digest, hash.finish());
}

TEST(JournalFrame, OtherFilesVersionsAndIdentitiesAreToldApart) {
  EXPECT_EQ(read_in_chunks(bytes_of("PK\x03\x04 an archive"), 8).error->code, ErrorCode::parse);
  Journal journal = journal_of({});
  journal.bytes[8] = 4;
  const Reading newer = read_in_chunks(journal.bytes, 64);
  EXPECT_EQ(newer.error->code, ErrorCode::unsupported);
  EXPECT_EQ(newer.error->message, "a journal of format version 4; this program reads version 3");
  Bytes out;
  EXPECT_FALSE(encode_journal_header("", out).has_value());
  EXPECT_FALSE(encode_journal_header(std::string(257, 'x'), out).has_value());
  EXPECT_TRUE(out.empty());
}

TEST(JournalFrame, ARecordTooLongIsRefusedAndChangesNothing) {
  Bytes out;
  JournalEncoder encoder{*encode_journal_header(identity, out)};
  const Bytes before = out;
  const JournalHead head = encoder.head();
  const Bytes record(journal_record_bytes_max + 1, 0);
  EXPECT_EQ(encoder.append(record, out).error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(out, before);
  EXPECT_EQ(encoder.head(), head);
}

TEST(JournalHead, HasOneSpelling) {
  const std::string digits(64, 'a');
  for (const std::string& good : {"0:" + digits, "7:" + digits, "18446744073709551615:" + digits})
    EXPECT_EQ(to_string(*parse_journal_head(good)), good);
  for (const std::string& bad :
       {std::string{}, digits, ":" + digits, "00:" + digits, "07:" + digits, "+7:" + digits, "-7:" + digits,
        " 7:" + digits, "7 :" + digits, "7:" + digits + " ", "7:" + digits + "\n", "7:" + digits.substr(1),
        "7:A" + digits.substr(1), "18446744073709551616:" + digits, "7:" + digits + ":", "0x7:" + digits}) {
    const Result<JournalHead> head = parse_journal_head(bad);
    ASSERT_FALSE(head.has_value()) << bad;
    EXPECT_EQ(head.error().code, ErrorCode::parse);
  }
}

RC_GTEST_PROP(JournalFrame, WhateverIsAppendedIsReadBack, (const std::vector<Bytes>& records)) {
  const Journal journal = journal_of(records);
  const auto chunk = *rc::gen::inRange<std::size_t>(1, 200);
  const Reading reading = read_in_chunks(journal.bytes, chunk);
  RC_ASSERT(!reading.error.has_value());
  RC_ASSERT(reading.records == records);
  RC_ASSERT(reading.head == journal.heads.back());
}

RC_GTEST_PROP(JournalFrame, TheHeadDoesNotDependOnHowWritingWasInterrupted, (const std::vector<Bytes>& records)) {
  Bytes out;
  JournalHead head = *encode_journal_header(identity, out);
  for (const Bytes& record : records) {
    JournalEncoder resumed{head};
    RC_ASSERT(resumed.append(record, out).has_value());
    head = resumed.head();
  }
  const Journal journal = journal_of(records);
  RC_ASSERT(out == journal.bytes);
  RC_ASSERT(head == journal.heads.back());
}

}  // namespace
}  // namespace gimbal::engine
