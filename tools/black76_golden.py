#!/usr/bin/env python3
"""Writes tests/golden/black76.csv: Black-76 premiums and Greeks at 60 digits, printed with 25.

Needs mpmath (pip install mpmath). Inputs are doubles, taken exactly; nothing is random, so that a second run gives the
same bytes:

    python3 tools/black76_golden.py > tests/golden/black76.csv
"""
from itertools import product

from mpmath import mp, mpf

mp.dps = 60

HEADER = """\
# Black-76, undiscounted: premium and Greeks of European options on a forward.
# Source: F. Black, "The pricing of commodity contracts", J. Financial Economics 3 (1976) 167-179, and its derivatives.
# Computed: mpmath, 60 digits, by tools/black76_golden.py from the inputs' exact doubles; printed with 25 digits.
# Conventions: theta = -dV/dT at fixed forward per year of 365 days; vega per 1.00 of volatility; rho = dV/drate = -T V;
#   delta and gamma with respect to the forward; vanna = d2V/dF dvolatility; volga = d2V/dvolatility2;
#   charm = -d(delta)/dT; speed = d(gamma)/dF; color = -d(gamma)/dT; zomma = d(gamma)/dvolatility.
right,forward,strike,volatility,years,premium,delta,gamma,vega,theta,rho,vanna,volga,charm,speed,color,zomma"""


def upper_tail(x):
    return mp.erfc(x / mp.sqrt(2)) / 2


def values(right, forward, strike, volatility, years):
    forward, strike, volatility, years = mpf(forward), mpf(strike), mpf(volatility), mpf(years)
    side = 1 if right == "C" else -1
    total = volatility * mp.sqrt(years)
    d1 = mp.log(forward / strike) / total + total / 2
    d2 = d1 - total
    density = mp.npdf(d1)
    premium = side * (forward * upper_tail(-side * d1) - strike * upper_tail(-side * d2))
    vega = forward * density * mp.sqrt(years)
    gamma = density / (forward * total)
    return [
        premium,
        side * upper_tail(-side * d1),
        gamma,
        vega,
        -forward * density * volatility / (2 * mp.sqrt(years)),
        -years * premium,
        -density * d2 / volatility,
        vega * d1 * d2 / volatility,
        density * d2 / (2 * years),
        -gamma / forward * (1 + d1 / total),
        gamma * (1 - d1 * d2) / (2 * years),
        gamma * (d1 * d2 - 1) / volatility,
    ]


DEVIATIONS = [sign * size for size in (1e-9, 1e-4, 0.03, 0.2, 0.5, 1.0, 1.7, 2.5, 3.5, 5.0, 6.5, 7.9, 10.0, 14.0, 20.0,
                                       27.0, 35.5) for sign in (1, -1)]
TOTALS = [1e-6, 1e-4, 1e-3, 0.004, 0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.49, 0.51, 0.7, 1.0, 1.01, 1.5,
          2.0, 2.9, 4.0, 5.5, 7.0, 9.0, 11.5, 14.0, 17.0, 20.0]


def rows():
    hour = 1.0 / (365.0 * 24.0)
    times = [0.5 * hour, 8.0 * hour, 7.0 / 365.0, 0.25, 1.0]
    # Around the money by small and large steps, in units that Deribit's chains show.
    for right, strike, years, volatility in product(
        "CP", [20000.0, 50000.0, 63000.0, 64000.0, 64123.25, 65000.0, 80000.0, 250000.0], times, [0.11, 0.65, 1.8]
    ):
        yield right, 64123.25, strike, volatility, years
    # Moneyness to the last bit, total volatilities far beyond any quote's, other magnitudes of price.
    for right, forward, strike, volatility, years in [
        ("C", 100.0, 100.00000000000001, 0.5, 0.01),
        ("P", 100.0, 100.00000000000001, 0.5, 0.01),
        ("C", 1.0, 1.0, 1e-6, 1.0),
        ("P", 1.0, 1.0, 1e-6, 1.0),
        ("C", 1.0, 1.0, 20.0, 1.0),
        ("C", 1.0, 1000000.0, 20.0, 1.0),
        ("P", 1000000.0, 1.0, 8.0, 1.0),
        ("C", 1.0, 1.000001, 1e-6, 1.0),
        ("P", 1.000003, 1.0, 1e-6, 1.0),
        ("C", 2.5e-5, 3e-5, 0.9, 0.1),
        ("P", 2.5e9, 2e9, 0.4, 2.0),
    ]:
        yield right, forward, strike, volatility, years
    # The whole plane: deviations from the money up to 36, total volatility from 1e-6 to 20, three magnitudes of price.
    for index, (deviations, total) in enumerate(product(DEVIATIONS, TOTALS)):
        forward = (64123.25, 1.0, 3.7e-5)[index % 3]
        years = (0.0009132420091324201, 0.25, 1.0, 3.5)[index % 4]
        strike = float(forward * mp.exp(mpf(deviations) * mpf(total)))
        if not 1e-300 < strike < 1e300:
            continue
        yield "CP"[index % 2], forward, strike, float(mpf(total) / mp.sqrt(mpf(years))), years
        yield "PC"[index % 2], forward, strike, float(mpf(total) / mp.sqrt(mpf(years))), years


def main():
    print(HEADER)
    for row in rows():
        answer = values(*row)
        # Beyond a double's range there is nothing to compare with.
        if abs(answer[3]) < mpf("1e-280"):
            continue
        numbers = ",".join(repr(x) for x in row[1:])
        print(f"{row[0]},{numbers}," + ",".join(mp.nstr(v, 25) for v in answer))


if __name__ == "__main__":
    main()
