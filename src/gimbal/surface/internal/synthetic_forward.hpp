// Parity trades and boxes: synthetic forwards, a call and a put of one strike, against the expiry's forward and against
// one another.
#pragma once

#include <vector>

#include "gimbal/surface/internal/option_chain.hpp"
#include "gimbal/surface/quoted_arbitrage.hpp"

namespace gimbal::surface::internal {

/// Both directions of every strike that has a call and a put, against the future or the rows' own forward; what pays.
void find_parity_trades(const market::Universe& universe, const ChainFamily& family, const OptionChain& chain,
                        const ArbitrageSettings& settings, std::vector<QuotedArbitrage>& found);

/// For every synthetic that can be sold, the box with the cheapest one of another strike to buy; what pays.
void find_boxes(const market::Universe& universe, const ChainFamily& family, const OptionChain& chain,
                const ArbitrageSettings& settings, std::vector<QuotedArbitrage>& found);

}  // namespace gimbal::surface::internal
