// Reading TOML strictly: every key is asked for by name and kind, and whatever was not asked for is an error that
// suggests the nearest key that would have been. The first error is kept; after it every answer is a default.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gimbal/foundation/decimal.hpp"
#include "gimbal/foundation/result.hpp"

namespace gimbal::app {

class ConfigTable;

/// A parsed file. Tables refer to it and must not outlive it.
class ConfigFile {
 public:
  /// Errors    parse, with file, line and column of what TOML does not allow.
  [[nodiscard]] static Result<ConfigFile> parse(const std::string& file, std::string_view text);
  ConfigFile(ConfigFile&&) noexcept;
  ConfigFile& operator=(ConfigFile&&) noexcept;
  ~ConfigFile();

  [[nodiscard]] ConfigTable root();
  /// The first error of any table of this file, or success. Call it when all tables are finished.
  [[nodiscard]] Result<void> finish() const;

 private:
  friend class ConfigTable;
  struct Document;
  explicit ConfigFile(std::unique_ptr<Document> document);
  std::unique_ptr<Document> document_;
};

struct NumberRange {
  std::optional<double> above = {};     ///< value > above
  std::optional<double> at_least = {};  ///< value >= at_least
  std::optional<double> at_most = {};   ///< value <= at_most
  std::optional<double> below = {};     ///< value < below
};

/// One table of a file. Bounds on numbers are part of asking: `{.above = 0.0}`.
class ConfigTable {
 public:
  using Range = NumberRange;

  /// An optional key is absent as nullopt; a required one that is missing is an error.
  [[nodiscard]] std::optional<double> number(std::string_view key, const Range& range = {});
  [[nodiscard]] double number_or(std::string_view key, double otherwise, const Range& range = {});
  [[nodiscard]] double required_number(std::string_view key, const Range& range = {});
  [[nodiscard]] std::int64_t integer_or(std::string_view key, std::int64_t otherwise, const Range& range = {});
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, const Range& range = {});
  [[nodiscard]] bool boolean_or(std::string_view key, bool otherwise);
  [[nodiscard]] std::optional<std::string> text(std::string_view key);
  [[nodiscard]] std::string text_or(std::string_view key, std::string_view otherwise);
  [[nodiscard]] std::string required_text(std::string_view key);
  /// Exact: numbers may be given as TOML numbers or, for more digits than a double holds, as strings.
  [[nodiscard]] std::optional<Decimal> decimal(std::string_view key);
  [[nodiscard]] std::vector<double> numbers(std::string_view key, const Range& range = {});
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);

  /// One of a closed list of words; an error names them all. Returns the index of the word found.
  [[nodiscard]] std::size_t choice(std::string_view key, std::initializer_list<std::string_view> words,
                                   std::size_t otherwise);

  /// A nested table; asking for one that is absent gives an empty one, whose `present()` is false.
  [[nodiscard]] ConfigTable table(std::string_view key);
  /// `[[key]]`: each table in turn.
  [[nodiscard]] std::vector<ConfigTable> tables(std::string_view key);
  [[nodiscard]] bool present() const;
  /// Keys in alphabetical order, for tables whose keys are names (`[start.cash] BTC = 20`).
  [[nodiscard]] std::vector<std::string> keys() const;

  /// Refuses every key that was not asked for.
  void finish();
  /// Makes an error of what a caller found wrong with `key`: `found` and what was `expected`.
  void refuse(std::string_view key, std::string_view found, std::string_view expected);

 private:
  friend class ConfigFile;
  ConfigTable(ConfigFile::Document* document, const void* node, std::string path);
  [[nodiscard]] const void* ask(std::string_view key);
  [[nodiscard]] bool within(std::string_view key, double value, const Range& range);
  void fail_at(const void* node, std::string sentence);

  ConfigFile::Document* document_;
  const void* node_;  ///< The toml::table, or null for an absent one.
  std::string path_;
  std::vector<std::string> asked_;
};

/// The word of `known` at the least edit distance from `word`, if near enough to be a slip: at most a third of its
/// letters.
[[nodiscard]] std::optional<std::string> nearest_word(std::string_view word, const std::vector<std::string>& known);

}  // namespace gimbal::app
