// The names of the error codes and the one way in which an error gains context.
#include "gimbal/foundation/result.hpp"

namespace gimbal {

const char* to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::out_of_domain: return "out_of_domain";
    case ErrorCode::not_converged: return "not_converged";
    case ErrorCode::infeasible: return "infeasible";
    case ErrorCode::missing_data: return "missing_data";
    case ErrorCode::stale_data: return "stale_data";
    case ErrorCode::parse: return "parse";
    case ErrorCode::io: return "io";
    case ErrorCode::unsupported: return "unsupported";
    case ErrorCode::limit_exceeded: return "limit_exceeded";
    case ErrorCode::corrupt: return "corrupt";
    case ErrorCode::cancelled: return "cancelled";
  }
  return "unknown";
}

Unexpected with_context(const Error& error, const std::string& context) {
  return Unexpected{Error{error.code, context + ": " + error.message}};
}

}  // namespace gimbal
