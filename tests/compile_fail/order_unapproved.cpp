// Intent is not permission: what sends orders takes approved ones, and only the gate can make those.
// error: is private within this context
// error: calling a private constructor
#include "gimbal/market/approved.hpp"
#include "gimbal/market/order.hpp"

using gimbal::market::Approved;
using gimbal::market::OrderRequest;

void send(const Approved<OrderRequest>& order);

void submit(const OrderRequest& intent, const Approved<OrderRequest>& permission);
void submit(const OrderRequest& intent, const Approved<OrderRequest>& permission) {
#ifdef MISUSE
  (void)permission;
  send(Approved<OrderRequest>{intent});
#else
  (void)intent;
  send(permission);
#endif
}
