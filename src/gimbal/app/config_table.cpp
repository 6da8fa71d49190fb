// Strict TOML reading over toml++.
#include "gimbal/app/config_table.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <toml++/toml.h>

namespace gimbal::app {

struct ConfigFile::Document {
  std::string file;
  toml::table root;
  std::optional<Error> error;
};

namespace {

const toml::table* as_table(const void* node) { return static_cast<const toml::table*>(node); }
const toml::node* as_node(const void* node) { return static_cast<const toml::node*>(node); }

std::string describe(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return "'" + *text + "'";
  if (const auto whole = node.value_exact<std::int64_t>()) return fmt::format("{}", *whole);
  if (const auto real = node.value_exact<double>()) return fmt::format("{}", *real);
  if (const auto truth = node.value_exact<bool>()) return *truth ? "true" : "false";
  if (node.is_table()) return "a table";
  if (node.is_array()) return "a list";
  return "a date or time";
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<std::string> nearest_word(std::string_view word, const std::vector<std::string>& known) {
  std::optional<std::string> nearest;
  std::size_t least = std::max<std::size_t>(word.size() / 3, 1) + 1;
  for (const std::string& candidate : known) {
    if (const std::size_t distance = edit_distance(word, candidate); distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

ConfigFile::ConfigFile(std::unique_ptr<Document> document) : document_{std::move(document)} {}
ConfigFile::ConfigFile(ConfigFile&&) noexcept = default;
ConfigFile& ConfigFile::operator=(ConfigFile&&) noexcept = default;
ConfigFile::~ConfigFile() = default;

Result<ConfigFile> ConfigFile::parse(const std::string& file, std::string_view text) {
  auto document = std::make_unique<Document>();
  document->file = file;
  try {
    document->root = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::parse, "{}:{}:{}: {}", file, error.source().begin.line, error.source().begin.column,
                error.description());
  }
  return ConfigFile{std::move(document)};
}

ConfigTable ConfigFile::root() { return ConfigTable{document_.get(), &document_->root, ""}; }

Result<void> ConfigFile::finish() const {
  if (document_->error) return Unexpected{*document_->error};
  return {};
}

ConfigTable::ConfigTable(ConfigFile::Document* document, const void* node, std::string path)
    : document_{document}, node_{node}, path_{std::move(path)} {}

bool ConfigTable::present() const { return node_ != nullptr; }

const void* ConfigTable::ask(std::string_view key) {
  asked_.emplace_back(key);
  if (node_ == nullptr) return nullptr;
  return as_table(node_)->get(key);
}

void ConfigTable::fail_at(const void* node, std::string sentence) {
  if (document_->error) return;
  std::uint32_t line = 0;
  if (node != nullptr) line = as_node(node)->source().begin.line;
  if (line == 0 && node_ != nullptr) line = as_table(node_)->source().begin.line;
  const std::string place = line > 0 ? fmt::format("{}:{}", document_->file, line) : document_->file;
  document_->error = Error{ErrorCode::invalid_argument, place + ": " + std::move(sentence)};
}

void ConfigTable::refuse(std::string_view key, std::string_view found, std::string_view expected) {
  const void* node = node_ == nullptr ? nullptr : as_table(node_)->get(key);
  fail_at(node, fmt::format("{}{} is {}, expected {}", path_, key, found, expected));
}

bool ConfigTable::within(std::string_view key, double value, const Range& range) {
  std::string expected;
  if (!std::isfinite(value)) expected = "a finite number";
  if (range.above && !(value > *range.above)) expected = fmt::format("a number above {}", *range.above);
  if (range.at_least && !(value >= *range.at_least)) expected = fmt::format("a number of at least {}", *range.at_least);
  if (range.at_most && !(value <= *range.at_most)) expected = fmt::format("a number of at most {}", *range.at_most);
  if (range.below && !(value < *range.below)) expected = fmt::format("a number below {}", *range.below);
  if (expected.empty()) return true;
  refuse(key, fmt::format("{}", value), expected);
  return false;
}

std::optional<double> ConfigTable::number(std::string_view key, const Range& range) {
  const void* found = ask(key);
  if (found == nullptr) return std::nullopt;
  const auto value = as_node(found)->value<double>();
  if (!value || as_node(found)->is_boolean()) {
    refuse(key, describe(*as_node(found)), "a number");
    return std::nullopt;
  }
  if (!within(key, *value, range)) return std::nullopt;
  return value;
}

double ConfigTable::number_or(std::string_view key, double otherwise, const Range& range) {
  return number(key, range).value_or(otherwise);
}

double ConfigTable::required_number(std::string_view key, const Range& range) {
  const auto value = number(key, range);
  if (!value) fail_at(nullptr, fmt::format("{}{} is missing, expected a number", path_, key));
  return value.value_or(0.0);
}

std::optional<std::int64_t> ConfigTable::integer(std::string_view key, const Range& range) {
  const void* found = ask(key);
  if (found == nullptr) return std::nullopt;
  const auto value = as_node(found)->value_exact<std::int64_t>();
  if (!value) {
    refuse(key, describe(*as_node(found)), "a whole number");
    return std::nullopt;
  }
  if (!within(key, static_cast<double>(*value), range)) return std::nullopt;
  return value;
}

std::int64_t ConfigTable::integer_or(std::string_view key, std::int64_t otherwise, const Range& range) {
  return integer(key, range).value_or(otherwise);
}

bool ConfigTable::boolean_or(std::string_view key, bool otherwise) {
  const void* found = ask(key);
  if (found == nullptr) return otherwise;
  const auto value = as_node(found)->value_exact<bool>();
  if (!value) refuse(key, describe(*as_node(found)), "true or false");
  return value.value_or(otherwise);
}

std::optional<std::string> ConfigTable::text(std::string_view key) {
  const void* found = ask(key);
  if (found == nullptr) return std::nullopt;
  auto value = as_node(found)->value_exact<std::string>();
  if (!value) refuse(key, describe(*as_node(found)), "a text in quotes");
  return value;
}

std::string ConfigTable::text_or(std::string_view key, std::string_view otherwise) {
  return text(key).value_or(std::string{otherwise});
}

std::string ConfigTable::required_text(std::string_view key) {
  auto value = text(key);
  if (!value) fail_at(nullptr, fmt::format("{}{} is missing, expected a text in quotes", path_, key));
  return value.value_or("");
}

std::optional<Decimal> ConfigTable::decimal(std::string_view key) {
  const void* found = ask(key);
  if (found == nullptr) return std::nullopt;
  const toml::node& node = *as_node(found);
  std::string digits;
  if (const auto whole = node.value_exact<std::int64_t>()) digits = fmt::format("{}", *whole);
  // The shortest text that reads back as this double is what the file said, up to 15 digits.
  if (const auto real = node.value_exact<double>()) digits = fmt::format("{}", *real);
  if (const auto written = node.value_exact<std::string>()) digits = *written;
  const auto value = Decimal::parse(digits);
  if (!value) {
    refuse(key, describe(node), "a decimal number");
    return std::nullopt;
  }
  return *value;
}

std::vector<double> ConfigTable::numbers(std::string_view key, const Range& range) {
  std::vector<double> values;
  const void* found = ask(key);
  if (found == nullptr) return values;
  const toml::array* list = as_node(found)->as_array();
  if (list == nullptr) {
    refuse(key, describe(*as_node(found)), "a list of numbers");
    return values;
  }
  for (const toml::node& element : *list) {
    const auto value = element.value<double>();
    if (!value || element.is_boolean()) {
      refuse(key, "a list with " + describe(element), "a list of numbers");
      return {};
    }
    if (!within(key, *value, range)) return {};
    values.push_back(*value);
  }
  return values;
}

std::vector<std::string> ConfigTable::texts(std::string_view key) {
  std::vector<std::string> values;
  const void* found = ask(key);
  if (found == nullptr) return values;
  const toml::array* list = as_node(found)->as_array();
  if (list == nullptr) {
    refuse(key, describe(*as_node(found)), "a list of texts");
    return values;
  }
  for (const toml::node& element : *list) {
    auto value = element.value_exact<std::string>();
    if (!value) {
      refuse(key, "a list with " + describe(element), "a list of texts");
      return {};
    }
    values.push_back(std::move(*value));
  }
  return values;
}

std::size_t ConfigTable::choice(std::string_view key, std::initializer_list<std::string_view> words,
                                std::size_t otherwise) {
  const auto value = text(key);
  if (!value) return otherwise;
  const auto found = std::find(words.begin(), words.end(), *value);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  std::string expected = "one of";
  for (const std::string_view word : words) expected += fmt::format(" '{}'", word);
  refuse(key, "'" + *value + "'", expected);
  return otherwise;
}

ConfigTable ConfigTable::table(std::string_view key) {
  const void* found = ask(key);
  const toml::table* nested = found == nullptr ? nullptr : as_node(found)->as_table();
  if (found != nullptr && nested == nullptr) refuse(key, describe(*as_node(found)), "a table");
  return ConfigTable{document_, nested, fmt::format("{}{}.", path_, key)};
}

std::vector<ConfigTable> ConfigTable::tables(std::string_view key) {
  std::vector<ConfigTable> nested;
  const void* found = ask(key);
  if (found == nullptr) return nested;
  const toml::array* list = as_node(found)->as_array();
  if (list == nullptr) {
    refuse(key, describe(*as_node(found)), fmt::format("tables written [[{}{}]]", path_, key));
    return nested;
  }
  std::size_t place = 0;
  for (const toml::node& element : *list) {
    ++place;
    if (element.as_table() == nullptr) {
      refuse(key, "a list with " + describe(element), fmt::format("tables written [[{}{}]]", path_, key));
      return {};
    }
    nested.push_back(ConfigTable{document_, element.as_table(), fmt::format("{}{}[{}].", path_, key, place)});
  }
  return nested;
}

std::vector<std::string> ConfigTable::keys() const {
  std::vector<std::string> names;
  if (node_ != nullptr)
    for (const auto& [key, value] : *as_table(node_)) names.emplace_back(key.str());
  return names;
}

void ConfigTable::finish() {
  if (node_ == nullptr) return;
  for (const auto& [key, value] : *as_table(node_)) {
    if (std::find(asked_.begin(), asked_.end(), key.str()) != asked_.end()) continue;
    const auto nearest = nearest_word(key.str(), asked_);
    std::string sentence = fmt::format("unknown key '{}{}'", path_, key.str());
    if (nearest) sentence += fmt::format("; did you mean '{}{}'?", path_, *nearest);
    fail_at(&value, std::move(sentence));
    return;
  }
}

}  // namespace gimbal::app
