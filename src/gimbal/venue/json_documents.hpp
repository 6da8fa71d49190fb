// Cuts a stream of bytes into JSON objects: one after another, one a line, or the elements of one array. Only strings
// and brackets are looked at; whether an object is good JSON is its parser's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gimbal/foundation/result.hpp"

namespace gimbal::venue {

/// The text of one object and the line it begins on, counted from 1.
struct JsonDocument {
  std::uint64_t line = 0;
  std::string_view text;
};

class JsonDocuments {
 public:
  /// A larger object is refused before it fills the memory; responses hold about a mebibyte.
  static constexpr std::size_t document_bytes_max = std::size_t{1} << 26U;

  /// Appends bytes. Documents handed out before become invalid.
  void feed(std::string_view bytes);
  /// The next whole object; nothing means that more bytes are needed.
  /// Errors    parse for anything else where an object may begin; limit_exceeded.
  [[nodiscard]] Result<std::optional<JsonDocument>> next();
  /// The end of the bytes. Errors: parse when an object or the array around them is not closed.
  [[nodiscard]] Result<void> finish() const;

 private:
  [[nodiscard]] Result<bool> find_begin();
  [[nodiscard]] bool find_end();

  std::string buffer_;
  std::size_t position_ = 0;  // of the first byte not looked at
  std::size_t begin_ = 0;     // of the object that is being read
  std::uint64_t line_ = 1;    // at position_
  std::uint64_t begin_line_ = 0;
  std::uint64_t depth_ = 0;  // of brackets inside the object; zero between objects
  bool in_array_ = false;
  bool in_string_ = false;
  bool escaped_ = false;
};

}  // namespace gimbal::venue
