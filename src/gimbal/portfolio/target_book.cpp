// Names and canonical bytes of target books.
#include "gimbal/portfolio/target_book.hpp"

#include "gimbal/portfolio/target_surface.hpp"

namespace gimbal::portfolio {
namespace {

void encode(const std::optional<double>& value, ByteWriter& out) {
  out.boolean(value.has_value());
  if (value) out.real(*value);
}

std::optional<double> decode_optional(ByteReader& in) {
  if (!in.boolean()) return std::nullopt;
  return in.real();
}

void encode(const ConstraintReport& report, ByteWriter& out) {
  out.text(report.name);
  out.text(report.unit);
  encode(report.lower, out);
  encode(report.upper, out);
  out.boolean(report.hard);
  out.integer(static_cast<std::int32_t>(report.priority));
  out.real(report.value_current);
  out.real(report.value_continuous);
  out.real(report.value_rounded);
  out.real(report.shadow_price);
  out.boolean(report.binding);
  out.real(report.violation);
}

ConstraintReport decode_report(ByteReader& in) {
  ConstraintReport report;
  report.name = in.text();
  report.unit = in.text();
  report.lower = decode_optional(in);
  report.upper = decode_optional(in);
  report.hard = in.boolean();
  report.priority = in.integer<std::int32_t>();
  report.value_current = in.real();
  report.value_continuous = in.real();
  report.value_rounded = in.real();
  report.shadow_price = in.real();
  report.binding = in.boolean();
  report.violation = in.real();
  return report;
}

void encode(const TargetTrade& trade, ByteWriter& out) {
  out.integer(market::raw(trade.account));
  out.integer(market::raw(trade.instrument));
  out.count(trade.current);
  out.count(trade.trade);
  out.count(trade.limit);
  for (const double source : {trade.edge.gamma, trade.edge.reversion, trade.edge.funding, trade.edge.basis})
    out.real(source);
  out.real(trade.cost);
  out.real(trade.marginal_margin);
  out.real(trade.marginal_risk);
  out.size(trade.reasons.size());
  for (const TradeReason& reason : trade.reasons) {
    out.integer(reason.constraint);
    out.real(reason.value);
  }
}

TargetTrade decode_trade(ByteReader& in) {
  TargetTrade trade;
  trade.account = static_cast<market::AccountId>(in.integer<std::uint16_t>());
  trade.instrument = static_cast<market::InstrumentId>(in.integer<std::uint32_t>());
  trade.current = in.count<QuantityLots>();
  trade.trade = in.count<QuantityLots>();
  trade.limit = in.count<PriceTicks>();
  for (double* source : {&trade.edge.gamma, &trade.edge.reversion, &trade.edge.funding, &trade.edge.basis})
    *source = in.real();
  trade.cost = in.real();
  trade.marginal_margin = in.real();
  trade.marginal_risk = in.real();
  const std::size_t reasons = in.size(12);
  for (std::size_t i = 0; i < reasons; ++i) {
    TradeReason reason;
    reason.constraint = in.integer<std::uint32_t>();
    reason.value = in.real();
    trade.reasons.push_back(reason);
  }
  return trade;
}

}  // namespace

const char* to_string(TargetStatus status) noexcept {
  switch (status) {
    case TargetStatus::optimal: return "optimal";
    case TargetStatus::rounded: return "rounded";
    case TargetStatus::infeasible_in_lots: return "infeasible_in_lots";
    case TargetStatus::least_violating: return "least_violating";
    case TargetStatus::unchanged: return "unchanged";
  }
  return "unknown";
}

const char* to_string(Greek greek) noexcept {
  switch (greek) {
    case Greek::delta: return "delta";
    case Greek::gamma: return "gamma";
    case Greek::vega: return "vega";
    case Greek::theta: return "theta";
  }
  return "unknown";
}

void encode(const TargetBook& book, ByteWriter& out) {
  out.enumeration(book.status);
  out.real(book.objective_continuous);
  out.real(book.objective_rounded);
  out.real(book.edge);
  out.real(book.cost);
  out.integer(book.candidates);
  out.integer(book.solver_iterations);
  out.size(book.trades.size());
  for (const TargetTrade& trade : book.trades) encode(trade, out);
  out.size(book.constraints.size());
  for (const ConstraintReport& report : book.constraints) encode(report, out);
  out.size(book.broken.size());
  for (const std::string& sentence : book.broken) out.text(sentence);
  out.text(book.note);
}

Result<TargetBook> decode_target_book(ByteReader& in) {
  TargetBook book;
  book.status = in.enumeration(TargetStatus::unchanged);
  book.objective_continuous = in.real();
  book.objective_rounded = in.real();
  book.edge = in.real();
  book.cost = in.real();
  book.candidates = in.integer<std::uint32_t>();
  book.solver_iterations = in.integer<std::uint32_t>();
  constexpr std::size_t trade_bytes_min = 2 + 4 + 3 * 8 + 7 * 8 + 4;
  const std::size_t trades = in.size(trade_bytes_min);
  for (std::size_t i = 0; i < trades; ++i) book.trades.push_back(decode_trade(in));
  constexpr std::size_t report_bytes_min = 4 + 4 + 2 + 1 + 4 + 4 * 8 + 1 + 8;
  const std::size_t reports = in.size(report_bytes_min);
  for (std::size_t i = 0; i < reports; ++i) book.constraints.push_back(decode_report(in));
  const std::size_t broken = in.size(4);
  for (std::size_t i = 0; i < broken; ++i) book.broken.push_back(in.text());
  book.note = in.text();
  if (in.failed()) return fail(ErrorCode::corrupt, "a target book ends early or holds an impossible value");
  for (const TargetTrade& trade : book.trades)
    for (const TradeReason& reason : trade.reasons)
      if (reason.constraint >= book.constraints.size())
        return fail(ErrorCode::corrupt, "a trade's reason names constraint {} of {}", reason.constraint,
                    book.constraints.size());
  return book;
}

}  // namespace gimbal::portfolio
