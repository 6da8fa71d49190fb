// An order does not turn into an approved one by being handed over.
// error: invalid initialization of reference
// error: no matching function for call to 'send'
#include "gimbal/market/approved.hpp"
#include "gimbal/market/order.hpp"

using gimbal::market::Approved;
using gimbal::market::OrderRequest;

void send(const Approved<OrderRequest>& order);

void submit(const OrderRequest& intent, const Approved<OrderRequest>& permission);
void submit(const OrderRequest& intent, const Approved<OrderRequest>& permission) {
#ifdef MISUSE
  (void)permission;
  send(intent);
#else
  (void)intent;
  send(permission);
#endif
}
