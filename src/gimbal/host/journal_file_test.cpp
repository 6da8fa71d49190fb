// A journal's folder against everything that can happen to it: each byte changed, each length cut, crashes at every
// byte of a commit, full disks, second writers, other configurations.
#include "gimbal/host/journal_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>

namespace gimbal::host {
namespace {

namespace fs = std::filesystem;
using engine::JournalHead;

const std::string identity = "configuration-a";

std::string contents(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return std::string{std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

void put(const fs::path& path, std::string_view bytes) { std::ofstream{path, std::ios::binary} << bytes; }

Bytes bytes_of(std::string_view text) { return Bytes{text.begin(), text.end()}; }

// Every file of a folder by name, so that "left as it was" is one comparison.
std::map<std::string, std::string> picture(const fs::path& folder) {
  std::map<std::string, std::string> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::directory_iterator{folder})
    files[entry.path().filename()] = entry.is_regular_file() ? contents(entry.path()) : "no regular file";
  return files;
}

void restore(const fs::path& folder, const std::map<std::string, std::string>& files) {
  fs::remove_all(folder);
  fs::create_directory(folder);
  for (const auto& [name, bytes] : files) put(folder / name, bytes);
}

std::vector<std::string> texts_in(const std::string& directory) {
  std::vector<std::string> texts;
  Result<JournalReader> reader = JournalReader::open(directory);
  EXPECT_TRUE(reader.has_value());
  while (true) {
    const auto record = reader->next();
    EXPECT_TRUE(record.has_value());
    if (!record || !*record) return texts;
    texts.emplace_back((*record)->begin(), (*record)->end());
  }
}

class JournalFile : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    // In memory where the system has such a folder: no test can cut the power, and these make thousands of commits.
    const bool memory = ::access("/dev/shm", W_OK) == 0;
    place_ = fs::path{memory ? "/dev/shm" : testing::TempDir()} /
             fmt::format("gimbal_journal_{}_{}", test->name(), ::getpid());
    fs::remove_all(place_);
    fs::create_directories(place_);
    folder_ = place_ / "j";
  }
  void TearDown() override { fs::remove_all(place_); }

  Result<JournalWriter> open(std::string_view by = identity, const JournalVisitor& visit = {}) const {
    return JournalWriter::open(folder_, by, visit);
  }

  JournalHead written(const std::vector<std::string>& texts) const {
    Result<JournalWriter> writer = open();
    EXPECT_TRUE(writer.has_value()) << writer.error().message;
    for (const std::string& text : texts) EXPECT_TRUE(writer->append(bytes_of(text)).has_value());
    const Result<JournalHead> head = writer->commit();
    EXPECT_TRUE(head.has_value()) << head.error().message;
    return *head;
  }

  JournalReport verified(const std::optional<JournalHead>& kept = std::nullopt) const {
    const Result<JournalReport> report = verify_journal(folder_, kept);
    EXPECT_TRUE(report.has_value()) << report.error().message;
    return *report;
  }

  fs::path place_;
  fs::path folder_;
};

TEST_F(JournalFile, WhatIsCommittedIsReadBackAndVerifies) {
  const JournalHead head = written({"one", "", "three"});
  EXPECT_EQ(texts_in(folder_), (std::vector<std::string>{"one", "", "three"}));
  EXPECT_EQ(contents(folder_ / "head"), engine::to_string(head) + "\n");
  const JournalReport report = verified(head);
  EXPECT_EQ(report.status, JournalStatus::ok);
  EXPECT_EQ(report.head, head);
  EXPECT_EQ(report.identity, identity);
  EXPECT_EQ(report.sentence, "3 records verified");
}

TEST_F(JournalFile, WhatIsNotCommittedIsNotThere) {
  {
    Result<JournalWriter> writer = open();
    ASSERT_TRUE(writer->append(bytes_of("one")).has_value());
    ASSERT_TRUE(writer->commit().has_value());
    ASSERT_TRUE(writer->append(bytes_of("two")).has_value());
    EXPECT_EQ(writer->head().count, 2U);
    EXPECT_EQ(writer->head_committed().count, 1U);
  }
  EXPECT_EQ(texts_in(folder_), std::vector<std::string>{"one"});
}

TEST_F(JournalFile, ContinuingGivesTheSameBytesAsOneRun) {
  const std::vector<std::string> texts = {"one", "two", "three", "four"};
  const JournalHead at_once = written(texts);
  const auto once = picture(folder_);
  fs::remove_all(folder_);
  JournalHead head;
  for (const std::string& text : texts) head = written({text});
  EXPECT_EQ(head, at_once);
  EXPECT_EQ(picture(folder_), once);
}

TEST_F(JournalFile, OpeningShowsEveryRecordAndChangesNothing) {
  written({"one", "two"});
  const auto before = picture(folder_);
  std::vector<std::string> seen;
  const Result<JournalWriter> writer = open(identity, [&](std::uint64_t number, std::span<const std::uint8_t> record) {
    EXPECT_EQ(number, seen.size());
    seen.emplace_back(record.begin(), record.end());
    return Result<void>{};
  });
  ASSERT_TRUE(writer.has_value());
  EXPECT_EQ(seen, (std::vector<std::string>{"one", "two"}));
  EXPECT_FALSE(writer->opening().created);
  EXPECT_EQ(writer->opening().records, 2U);
  EXPECT_EQ(picture(folder_), before);
}

TEST_F(JournalFile, AVisitorsRefusalEndsTheOpening) {
  written({"one"});
  const auto before = picture(folder_);
  const auto refuse = [](std::uint64_t, std::span<const std::uint8_t>) -> Result<void> {
    return fail(ErrorCode::unsupported, "an event of a newer kind");
  };
  const Result<JournalWriter> writer = open(identity, refuse);
  ASSERT_FALSE(writer.has_value());
  EXPECT_EQ(writer.error().message, "an event of a newer kind");
  EXPECT_EQ(picture(folder_), before);
}

TEST_F(JournalFile, EveryByteChangedInEveryFileIsCaught) {
  const JournalHead head = written({"one", "", "three"});
  const auto good = picture(folder_);
  ASSERT_EQ(good.size(), 2U);
  for (const auto& [name, bytes] : good) {
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (const int mask : {0x01, 0x80, 0xff}) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ mask);
        put(folder_ / name, changed);
        const JournalReport report = verified();
        EXPECT_EQ(report.status, JournalStatus::failed) << name << " byte " << at << ": " << report.sentence;
      }
      const auto before = picture(folder_);
      EXPECT_FALSE(open().has_value()) << name << " byte " << at;
      EXPECT_EQ(picture(folder_), before);
    }
    put(folder_ / name, bytes);
  }
  EXPECT_EQ(verified(head).status, JournalStatus::ok);
}

TEST_F(JournalFile, EveryLengthOfEveryFileCutIsCaught) {
  written({"one", "", "three"});
  const auto good = picture(folder_);
  for (const auto& [name, bytes] : good) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      put(folder_ / name, std::string_view{bytes}.substr(0, size));
      EXPECT_EQ(verified().status, JournalStatus::failed) << name << " cut to " << size;
      EXPECT_FALSE(open().has_value());
    }
    fs::remove(folder_ / name);
    EXPECT_EQ(verified().status, JournalStatus::failed) << name << " removed";
    EXPECT_FALSE(open().has_value());
    put(folder_ / name, bytes + "\n");  // and one byte too many
    EXPECT_NE(verified().status, JournalStatus::ok);
    put(folder_ / name, bytes);
  }
}

TEST_F(JournalFile, FilesThatDoNotBelongAreCaught) {
  written({"one"});
  put(folder_ / "notes.txt", "");
  EXPECT_EQ(verified().sentence, "unexpected file notes.txt");
  EXPECT_EQ(open().error().code, ErrorCode::invalid_argument);
  fs::remove(folder_ / "notes.txt");
  fs::create_directory(folder_ / "journal.new");
  EXPECT_EQ(verified().status, JournalStatus::failed);
}

TEST_F(JournalFile, APipeInAFilesPlaceIsRefusedAndNotWaitedFor) {
  written({"one"});
  fs::remove(folder_ / "journal");
  ASSERT_EQ(::mkfifo((folder_ / "journal").c_str(), 0600), 0);
  EXPECT_EQ(verified().status, JournalStatus::failed);
  EXPECT_FALSE(open().has_value());
}

// A crash in a commit leaves any number of the group's bytes, and the head of the group before.
TEST_F(JournalFile, RecoveryFromACrashAtEveryByteOfACommit) {
  const JournalHead first = written({"one", "two"});
  const auto before = picture(folder_);
  const JournalHead second = written({"three", "", "five"});
  const auto after = picture(folder_);
  const std::string& whole = after.at("journal");
  const std::size_t committed = before.at("journal").size();
  const std::vector<std::size_t> ends = {committed, committed + 45, committed + 45 + 40, whole.size()};
  for (std::size_t size = committed; size <= whole.size(); ++size) {
    restore(folder_, before);
    put(folder_ / "journal", std::string_view{whole}.substr(0, size));
    const auto past = std::upper_bound(ends.begin(), ends.end(), size);
    const auto complete = static_cast<std::size_t>(past - ends.begin()) - 1;
    const std::size_t torn = size - ends[complete];

    const JournalReport report = verified(first);
    EXPECT_EQ(report.status, torn == 0 ? JournalStatus::ok : JournalStatus::torn) << size;
    EXPECT_EQ(report.records_past_head, complete);
    EXPECT_EQ(report.torn_bytes, torn);
    {
      const Result<JournalWriter> writer = open();
      ASSERT_TRUE(writer.has_value()) << writer.error().message;
      EXPECT_EQ(writer->opening().torn_bytes_cut, torn);
      EXPECT_EQ(writer->opening().records_past_head, complete);
    }
    EXPECT_EQ(verified().status, JournalStatus::ok);
    const std::vector<std::string> rest = {"three", "", "five"};
    const JournalHead again = written({rest.begin() + static_cast<std::ptrdiff_t>(complete), rest.end()});
    EXPECT_EQ(again, second);
    if (complete < 3) {
      EXPECT_EQ(picture(folder_), after);
    }
  }
}

TEST_F(JournalFile, ACrashBeforeTheHeadIsRenamedIsTornAndRecovered) {
  written({"one"});
  const auto before = picture(folder_);
  for (const char* left : {"", "1:", "1:0000"}) {
    put(folder_ / "head.new", left);
    const JournalReport report = verified();
    EXPECT_EQ(report.status, JournalStatus::torn);
    EXPECT_EQ(report.torn_bytes, 0U);
    EXPECT_TRUE(open().has_value());
    EXPECT_EQ(picture(folder_), before);
  }
}

TEST_F(JournalFile, ACrashAtEveryStepOfTheCreationIsRecovered) {
  JournalHead genesis;
  std::map<std::string, std::string> made;
  {
    const Result<JournalWriter> writer = open();
    ASSERT_TRUE(writer.has_value());
    genesis = writer->head();
    made = picture(folder_);
    EXPECT_EQ(verified(genesis).status, JournalStatus::ok);
  }
  const std::string head = made.at("head");
  const std::string header = made.at("journal");
  const std::vector<std::map<std::string, std::string>> left = {
      {},
      {{"head.new", ""}},
      {{"head.new", head}},
      {{"head", head}},
      {{"head", head}, {"journal.new", ""}},
      {{"head", head}, {"journal.new", header.substr(0, 20)}},
      {{"head", head}, {"journal", header}},
  };
  for (const auto& files : left) {
    restore(folder_, files);
    const bool finished = files.contains("journal");
    const bool begun = !files.empty();
    EXPECT_EQ(verified().status, finished ? JournalStatus::ok : begun ? JournalStatus::torn : JournalStatus::failed);
    EXPECT_EQ(verified(JournalHead{1, genesis.digest}).status, JournalStatus::failed);
    EXPECT_EQ(written({"one"}).count, 1U);
    EXPECT_EQ(verified().status, JournalStatus::ok);
    EXPECT_EQ(picture(folder_).size(), 2U);
  }
}

TEST_F(JournalFile, ATornTailDoesNotHideMissingRecords) {
  const JournalHead head = written({"one", "two"});
  const std::string whole = contents(folder_ / "journal");
  put(folder_ / "journal", std::string_view{whole}.substr(0, whole.size() - 1));
  const JournalReport report = verified();
  EXPECT_EQ(report.status, JournalStatus::failed);
  EXPECT_EQ(report.sentence, "the journal has 1 complete records, the head on disk counts 2");
  EXPECT_FALSE(open().has_value());
  EXPECT_EQ(contents(folder_ / "journal").size(), whole.size() - 1) << "recovery cut what the head counts";
  EXPECT_EQ(head.count, 2U);
}

TEST_F(JournalFile, AHeadKeptElsewhereConvictsWhoeverRewritesTheFolder) {
  const JournalHead early = written({"one", "two"});
  const JournalHead late = written({"three"});
  EXPECT_EQ(verified(early).status, JournalStatus::ok);
  EXPECT_EQ(verified(late).status, JournalStatus::ok);
  fs::remove_all(folder_);
  written({"one", "2wo", "three"});
  EXPECT_EQ(verified().status, JournalStatus::ok) << "a consistent forgery needs a head kept elsewhere";
  EXPECT_EQ(verified(early).sentence, "the first 2 records are not those that the head kept elsewhere stands for");
  fs::remove_all(folder_);
  written({"one"});
  EXPECT_EQ(verified(early).sentence, "the journal has 1 complete records, the head kept elsewhere counts 2");
}

TEST_F(JournalFile, AnotherConfigurationIsRefused) {
  written({"one"});
  const auto before = picture(folder_);
  const Result<JournalWriter> writer = open("configuration-b");
  ASSERT_FALSE(writer.has_value());
  EXPECT_EQ(writer.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(writer.error().message.find("was written by configuration configuration-a"), std::string::npos);
  EXPECT_EQ(picture(folder_), before);
}

TEST_F(JournalFile, ASecondWriterIsRefusedUntilTheFirstIsDone) {
  {
    const Result<JournalWriter> first = open();
    ASSERT_TRUE(first.has_value());
    const Result<JournalWriter> second = open();
    ASSERT_FALSE(second.has_value());
    EXPECT_NE(second.error().message.find("is open in another process"), std::string::npos);
  }
  EXPECT_TRUE(open().has_value());
}

TEST_F(JournalFile, AJournalNeverWrittenToIsRemovedAgain) {
  {
    Result<JournalWriter> writer = open();
    ASSERT_TRUE(writer.has_value());
    EXPECT_TRUE(fs::exists(folder_ / "journal"));
    ASSERT_TRUE(writer->append(bytes_of("never committed")).has_value());
  }
  EXPECT_FALSE(fs::exists(folder_));
  fs::create_directory(folder_);  // a folder that was there stays
  EXPECT_TRUE(open().has_value());
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(JournalFile, PlacesWhereNoJournalCanBeAreRefusedInOneLine) {
  const std::string missing = place_ / "missing" / "j";
  const Result<JournalWriter> no_parent = JournalWriter::open(missing, identity);
  EXPECT_EQ(no_parent.error().message, fmt::format("cannot create {}: No such file or directory", missing));
  put(folder_, "a file");
  EXPECT_EQ(open().error().message, fmt::format("cannot open {}: Not a directory", folder_.string()));
  EXPECT_EQ(contents(folder_), "a file");
  EXPECT_EQ(JournalWriter::open("/proc/j", identity).error().code, ErrorCode::missing_data);
  EXPECT_EQ(verify_journal(missing).error().code, ErrorCode::missing_data);
  EXPECT_FALSE(JournalReader::open(missing).has_value());
}

TEST_F(JournalFile, RecordsLargerThanAnyBufferPass) {
  std::string large(3'000'000, 'x');
  large[1'234'567] = 'y';
  written({"small", large, "small"});
  EXPECT_EQ(texts_in(folder_), (std::vector<std::string>{"small", large, "small"}));
}

// Runs `body` in a child whose files may not grow past a size, which is what a full disk looks like to a writer.
template <class Body>
int with_full_disk(rlim_t file_bytes_max, Body body) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{file_bytes_max, file_bytes_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::_exit(body());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

TEST_F(JournalFile, AFullDiskAtTheFirstCommitLeavesNothing) {
  for (rlim_t room = 0; room < 260; room += 9) {
    const int refusals = with_full_disk(room, [this] {
      Result<JournalWriter> writer = open();
      if (!writer) return writer.error().code == ErrorCode::io ? 1 : 9;
      if (!writer->append(bytes_of(std::string(200, 'x'))).has_value()) return 9;
      const Result<JournalHead> head = writer->commit();
      return !head && head.error().code == ErrorCode::io ? 2 : 9;
    });
    ASSERT_TRUE(refusals == 1 || refusals == 2) << "room for " << room << " bytes";
    ASSERT_FALSE(fs::exists(folder_)) << "room for " << room << " bytes";
  }
}

TEST_F(JournalFile, AFullDiskAtALaterCommitLeavesTheJournalAsItWas) {
  const JournalHead head = written({"one", "two"});
  const auto before = picture(folder_);
  const std::size_t size = before.at("journal").size();
  for (rlim_t room = 0; room < size + 240; room += 7) {
    const int answer = with_full_disk(room, [&] {
      Result<JournalWriter> writer = open();
      if (!writer) return 9;
      if (!writer->append(bytes_of(std::string(200, 'x'))).has_value()) return 9;
      const Result<JournalHead> refused = writer->commit();
      if (refused || refused.error().message.find("File too large") == std::string::npos) return 9;
      // Of no further use, even when there is room again.
      return writer->append(bytes_of("y")).has_value() || writer->commit().has_value() ? 8 : 0;
    });
    ASSERT_EQ(answer, 0) << "room for " << room << " bytes";
    ASSERT_EQ(picture(folder_), before);
    ASSERT_EQ(verified(head).status, JournalStatus::ok);
  }
}

}  // namespace
}  // namespace gimbal::host
