#!/usr/bin/env python3
"""Writes tests/golden/special.csv: the special functions at 60 digits, printed with 25.

Needs mpmath (pip install mpmath). Arguments are doubles, taken exactly; nothing is random, so that a second run gives
the same bytes:

    python3 tools/special_golden.py > tests/golden/special.csv
"""
from mpmath import mp, mpf

mp.dps = 60

HEADER = """\
# Elementary functions and those of the normal distribution. A second argument is pow's exponent.
# Computed: mpmath, 60 digits, by tools/special_golden.py from the arguments' exact doubles; printed with 25 digits.
function,argument,second,value"""

LEAST = mpf("2.3e-308")
MOST = mpf("1.79e308")


def spread(low, high, count):
    """From low to high in equal ratios."""
    return [float(mpf(low) * (mpf(high) / mpf(low)) ** (mpf(k) / (count - 1))) for k in range(count)]


def both_signs(values):
    return [-v for v in values] + values


def erfcx(x):
    if x > 1000:
        return (1 - 1 / (2 * x**2) + mpf(3) / (4 * x**4) - mpf(15) / (8 * x**6) + mpf(105) / (16 * x**8)) / (
            x * mp.sqrt(mp.pi))
    return mp.exp(x * x) * mp.erfc(x)


MILLS_ARGUMENTS = [-1.0, -0.75, -0.5, -0.1, 0.0] + spread("1e-9", "60", 50)

FUNCTIONS = {
    "exp": (mp.exp, both_signs(spread("1e-20", "700", 60)) + [709.5, -708.0, 0.34657359027997264, 0.34657359027997270]),
    "expm1": (mp.expm1, both_signs(spread("1e-20", "38", 60)) + [400.0, 709.5]),
    "log": (mp.log, spread("2.3e-308", "1.79e308", 60) + [1 + v for v in both_signs(spread("3e-16", "0.9", 40))]),
    "log1p": (mp.log1p, both_signs(spread("1e-20", "0.99", 50)) + spread("1", "1e300", 20)),
    "erf": (mp.erf, both_signs(spread("1e-20", "5.9", 50))),
    "erfc": (mp.erfc, both_signs(spread("1e-20", "26.5", 60))),
    "erfcx": (erfcx, both_signs(spread("1e-20", "26.5", 60)) + spread("30", "1e12", 20)),
    "mills": (lambda z: mp.ncdf(-z) / mp.npdf(z), MILLS_ARGUMENTS),
    "mills_rest": (lambda z: 1 - z * mp.ncdf(-z) / mp.npdf(z), MILLS_ARGUMENTS),
    "normal_cdf": (mp.ncdf, both_signs(spread("1e-20", "37.5", 60))),
    "normal_density": (mp.npdf, both_signs(spread("1e-20", "37.5", 40))),
}


def show(name, argument, second, value):
    if LEAST < abs(value) < MOST:
        print(f"{name},{argument!r},{second},{mp.nstr(value, 25)}")


def main():
    print(HEADER)
    for name, (function, arguments) in FUNCTIONS.items():
        for argument in arguments:
            exact = mpf(argument)
            show(name, argument, "", function(exact))
    for base in spread("1e-300", "1e300", 25) + [0.5, 0.9999, 1.0001, 2.0, 365.0]:
        for exponent in (-3.7, -1.0, -0.5, 1e-9, 0.33, 0.5, 1.0, 2.0, 7.25, 100.0):
            show("pow", base, exponent, mp.power(mpf(base), mpf(exponent)))


if __name__ == "__main__":
    main()
