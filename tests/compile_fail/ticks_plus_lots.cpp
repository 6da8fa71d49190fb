// Ticks count prices and lots count contracts: both are integers, and their sum is a wrong position.
// error: no match for 'operator+'
// error: invalid operands to binary expression
#include "gimbal/foundation/decimal.hpp"

gimbal::QuantityLots moved(gimbal::QuantityLots lots, gimbal::PriceTicks ticks);
gimbal::QuantityLots moved(gimbal::QuantityLots lots, gimbal::PriceTicks ticks) {
#ifdef MISUSE
  return lots + ticks;
#else
  return lots + gimbal::QuantityLots{ticks.raw()};
#endif
}
