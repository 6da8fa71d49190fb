// One immediate order per trade of the target.
#include "gimbal/execute/order_plan.hpp"

#include <algorithm>

#include "gimbal/foundation/sha256.hpp"

namespace gimbal::execute {
namespace {

using market::OrderRequest;

market::OrderId id_of(const OrderRequest& request, const PlanCause& cause) {
  ByteWriter bytes;
  bytes.text(cause.configuration);
  encode(request, bytes);  // its id is still zero
  const Digest digest = sha256(bytes.bytes());
  market::OrderId id;
  std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

}  // namespace

std::vector<OrderRequest> plan_orders(const portfolio::TargetBook& target, const market::Universe& universe,
                                      const PlanCause& cause) {
  std::vector<OrderRequest> orders;
  for (const portfolio::TargetTrade& trade : target.trades) {
    OrderRequest request;
    request.account = trade.account;
    request.instrument = trade.instrument;
    request.side = trade.trade > QuantityLots{} ? market::Side::buy : market::Side::sell;
    request.quantity = request.side == market::Side::buy ? trade.trade : -trade.trade;
    request.limit = trade.limit;
    request.time_in_force = market::TimeInForce::immediate_or_cancel;
    request.target = cause.target;
    request.id = id_of(request, cause);
    orders.push_back(request);
  }
  std::stable_sort(orders.begin(), orders.end(), [&universe](const OrderRequest& a, const OrderRequest& b) {
    return universe[a.instrument].is_option() && !universe[b.instrument].is_option();
  });
  return orders;
}

}  // namespace gimbal::execute
