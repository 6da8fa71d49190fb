// Result<T>: a value or an Error, for failures that are expected. Its names are a subset of std::expected's, so that it
// becomes an alias the day the tree is C++23. Mistakes of ours are GIMBAL_ASSERT's; news from a venue is an event.
#pragma once

#include <fmt/core.h>

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "gimbal/foundation/assert.hpp"

namespace gimbal {

/// The closed list of what can go wrong without anyone having made a mistake in this program.
enum class ErrorCode {
  invalid_argument,  ///< A value that a caller or a file gave is not of the kind asked for.
  out_of_domain,     ///< A number lies where the formula has no answer.
  not_converged,     ///< An iteration ended without meeting its tolerance.
  infeasible,        ///< No answer satisfies the constraints.
  missing_data,      ///< Something needed is absent.
  stale_data,        ///< Something needed is too old.
  parse,             ///< Bytes are not of the format they claim.
  io,                ///< The operating system refused.
  unsupported,       ///< Understood, and not done here.
  limit_exceeded,    ///< A stated maximum would be passed.
  corrupt,           ///< A checksum or hash does not match.
  cancelled,         ///< Stopped on request.
};

/// The code's name in lower case, as written above.
[[nodiscard]] const char* to_string(ErrorCode code) noexcept;

/// What went wrong: a code for programs and one sentence, with the offending value in it, for people.
struct Error {
  ErrorCode code = ErrorCode::invalid_argument;
  std::string message;
};

/// An error on its way into a Result; the counterpart of std::unexpected.
struct Unexpected {
  Error error;
};

/// Builds an error out of a code and a fmt format: `return fail(ErrorCode::parse, "line {}: ...", line);`
template <class... Args>
[[nodiscard]] Unexpected fail(ErrorCode code, fmt::format_string<Args...> text, Args&&... args) {
  return Unexpected{Error{code, fmt::format(text, std::forward<Args>(args)...)}};
}

/// The same error with `context: ` before its sentence, for the way up: file, line, key.
[[nodiscard]] Unexpected with_context(const Error& error, const std::string& context);

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_{std::in_place_index<0>, std::move(value)} {}                     // NOLINT(*-explicit-*)
  Result(Unexpected failure) : state_{std::in_place_index<1>, std::move(failure.error)} {}  // NOLINT(*-explicit-*)

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] const T& value() const& {
    GIMBAL_ASSERT(has_value());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T& value() & {
    GIMBAL_ASSERT(has_value());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T&& value() && {
    GIMBAL_ASSERT(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  [[nodiscard]] const T& operator*() const& { return value(); }
  [[nodiscard]] T& operator*() & { return value(); }
  [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
  [[nodiscard]] const T* operator->() const { return &value(); }
  [[nodiscard]] T* operator->() { return &value(); }

  [[nodiscard]] const Error& error() const {
    GIMBAL_ASSERT(!has_value());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Unexpected failure) : error_{std::move(failure.error)} {}  // NOLINT(*-explicit-*)

  [[nodiscard]] bool has_value() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }
  [[nodiscard]] const Error& error() const {
    GIMBAL_ASSERT(!has_value());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace gimbal
