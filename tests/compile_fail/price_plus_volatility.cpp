// A price and a volatility are both doubles inside; their sum means nothing.
// error: no match for 'operator+'
// error: invalid operands to binary expression
#include "gimbal/foundation/real.hpp"

gimbal::Price sum(gimbal::Price price, gimbal::Volatility volatility);
gimbal::Price sum(gimbal::Price price, gimbal::Volatility volatility) {
#ifdef MISUSE
  return price + volatility;
#else
  return price + gimbal::Price{volatility.raw()};
#endif
}
