#!/usr/bin/env python3
"""Writes tests/golden/implied_volatility.csv: the volatility of given premiums at 50 digits, printed with 25.

Needs mpmath (pip install mpmath). A premium is a double, taken exactly, and the volatility is the one that gives this
double, not the one that it was made from. Nothing is random, so that a second run gives the same bytes:

    python3 tools/implied_volatility_golden.py > tests/golden/implied_volatility.csv
"""
from itertools import product

from mpmath import mp, mpf

mp.dps = 50

HEADER = """\
# Implied total volatility, sigma sqrt(years) with years = 1, of Black-76 premiums out of the money, undiscounted.
# `elasticity` is d ln sigma / d ln premium: what a relative error of the premium does to the volatility.
# Computed: mpmath, 50 digits, by tools/implied_volatility_golden.py; printed with 25 digits.
right,forward,strike,premium,volatility,elasticity"""


def spread(low, high, count):
    """From low to high in equal ratios."""
    return [float(mpf(low) * (mpf(high) / mpf(low)) ** (mpf(k) / (count - 1))) for k in range(count)]


MONEYNESS = [0.0, 1e-12, 1e-8] + spread("1e-6", "0.01", 12) + spread("0.02", "40", 40)
TOTALS = spread("1e-6", "0.02", 20) + spread("0.03", "20", 60)


def premium_of(forward, strike, total, right):
    side = 1 if right == "C" else -1
    d1 = mp.log(forward / strike) / total + total / 2
    tail = lambda x: mp.erfc(-x / mp.sqrt(2)) / 2
    return side * (forward * tail(side * d1) - strike * tail(side * (d1 - total))), forward * mp.npdf(d1)


def inverted(forward, strike, premium, total, right):
    """By Newton's steps on the logarithm, from the volatility that the premium was made from."""
    for _ in range(60):
        value, vega = premium_of(forward, strike, total, right)
        step = mp.log(premium / value) * value / vega
        total += step
        if abs(step) < total * mpf(10) ** -40:
            return total, value / (vega * total)
    raise ArithmeticError("no convergence")


def main():
    print(HEADER)
    for index, (moneyness, total) in enumerate(product(MONEYNESS, TOTALS)):
        right = "CP"[index % 2]
        strike = mpf((1.0, 64000.0, 0.002)[index % 3])
        # Out of the money: a call's forward lies below its strike.
        forward = mpf(float(strike * mp.exp(-moneyness if right == "C" else moneyness)))
        if forward == 0:
            continue
        exact, _ = premium_of(forward, strike, mpf(total), right)
        premium = mpf(float(exact))
        smaller = min(forward, strike)
        # Below 1e-300 nothing is promised; at the maximum no digit of the volatility is left in a double.
        if premium < smaller * mpf("1e-300") or premium < mpf("1e-300") or 1 - premium / smaller < mpf("1e-12"):
            continue
        volatility, elasticity = inverted(forward, strike, premium, mpf(total), right)
        print(f"{right},{float(forward)!r},{float(strike)!r},{float(premium)!r},"
              f"{mp.nstr(volatility, 25)},{mp.nstr(elasticity, 6)}")


if __name__ == "__main__":
    main()
