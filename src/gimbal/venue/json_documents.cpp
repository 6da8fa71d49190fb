// A scanner of strings and brackets that keeps its place between chunks.
#include "gimbal/venue/json_documents.hpp"

namespace gimbal::venue {

void JsonDocuments::feed(std::string_view bytes) {
  const std::size_t kept_from = depth_ > 0 ? begin_ : position_;
  buffer_.erase(0, kept_from);
  position_ -= kept_from;
  begin_ = 0;
  buffer_.append(bytes);
}

Result<std::optional<JsonDocument>> JsonDocuments::next() {
  if (depth_ == 0) {
    const auto found = find_begin();
    if (!found) return Unexpected{found.error()};
    if (!*found) return std::optional<JsonDocument>{};
  }
  const bool complete = find_end();
  if (position_ - begin_ > document_bytes_max)
    return fail(ErrorCode::limit_exceeded, "line {}: an object longer than {} bytes", begin_line_, document_bytes_max);
  if (!complete) return std::optional<JsonDocument>{};
  const std::string_view text{buffer_.data() + begin_, position_ - begin_};
  return std::optional<JsonDocument>{JsonDocument{begin_line_, text}};
}

Result<void> JsonDocuments::finish() const {
  if (depth_ > 0) return fail(ErrorCode::parse, "line {}: the object that begins here does not end", begin_line_);
  if (in_array_) return fail(ErrorCode::parse, "line {}: the array around the objects does not end", line_);
  return {};
}

// Moves past what may stand between objects; true with position_ behind an object's opening brace.
Result<bool> JsonDocuments::find_begin() {
  while (position_ < buffer_.size()) {
    const char c = buffer_[position_];
    if (c == '{') {
      begin_ = position_++;
      begin_line_ = line_;
      depth_ = 1;
      return true;
    }
    const bool array_begins = c == '[' && !in_array_;
    const bool array_goes_on = in_array_ && (c == ',' || c == ']');
    if (c == '\n') {
      ++line_;
    } else if (array_begins || array_goes_on) {
      in_array_ = c != ']';
    } else if (c != ' ' && c != '\t' && c != '\r') {
      return fail(ErrorCode::parse, "line {}: byte 0x{:02x} where a JSON object begins", line_,
                  static_cast<unsigned char>(c));
    }
    ++position_;
  }
  return false;
}

// Moves to behind the closing brace of the object that is being read; false when it is not there yet.
bool JsonDocuments::find_end() {
  while (position_ < buffer_.size()) {
    const char c = buffer_[position_++];
    if (c == '\n') ++line_;
    if (in_string_) {
      if (escaped_) {
        escaped_ = false;
      } else if (c == '\\') {
        escaped_ = true;
      } else if (c == '"') {
        in_string_ = false;
      }
    } else if (c == '"') {
      in_string_ = true;
    } else if (c == '{' || c == '[') {
      ++depth_;
    } else if ((c == '}' || c == ']') && --depth_ == 0) {
      return true;
    }
  }
  return false;
}

}  // namespace gimbal::venue
