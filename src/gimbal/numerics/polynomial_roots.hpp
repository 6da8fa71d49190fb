// Real roots of polynomials of low degree.
#pragma once

#include <span>
#include <vector>

namespace gimbal::numerics {

/// Every place where c[0] + c[1] x + ... + c[n] x^n changes its sign, ascending; and where it touches zero, as far as
/// its values there are zero to a double.
///
/// Method    Between two neighbouring roots of its derivative a polynomial is monotone, so that it has one root there
///           or none: found by bisection, from the linear derivative upwards. Nothing is deflated and nothing complex,
///           so that near-double roots cost no digits but their own.
/// Domain    all coefficients finite; those of highest order that are zero are left out, and the zero polynomial has no
///           roots to tell.
[[nodiscard]] std::vector<double> real_roots(std::span<const double> coefficients);

}  // namespace gimbal::numerics
