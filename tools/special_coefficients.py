#!/usr/bin/env python3
"""Prints the coefficients behind numerics' exp, log, erf and Mills' ratio, and behind the start of implied volatility.

Needs mpmath (pip install mpmath). Polynomials pass through Chebyshev's nodes, which loses a tenth of a bit against the
minimax polynomial; the rational function comes near to minimax by Lawson's reweighted least squares. Nothing is random.

    python3 tools/special_coefficients.py
"""
from mpmath import mp, mpf

mp.dps = 60


def show(name, coefficients, error):
    print(f"// {name}: ascending powers; relative error {mp.nstr(error, 2)}.")
    print("{" + ", ".join(mp.nstr(c, 20, min_fixed=0, max_fixed=0) for c in coefficients) + "}\n")


def polynomial(function, low, high, degree):
    nodes = [(low + high) / 2 + (high - low) / 2 * mp.cos(mp.pi * (2 * k + 1) / (2 * degree + 2))
             for k in range(degree + 1)]
    powers = mp.matrix([[x**j for j in range(degree + 1)] for x in nodes])
    return list(mp.lu_solve(powers, mp.matrix([function(x) for x in nodes])))


def largest_error(function, coefficients, low, high, weight):
    points = [low + (high - low) * (2 * k + 1) / mpf(800) for k in range(400)]
    return max(abs(weight(x) * (mp.polyval(coefficients[::-1], x) - function(x))) for x in points)


def exponential():
    """Q in exp(r) = 1 + r + r^2 Q(r), |r| <= ln(2)/2."""
    reach = mp.log(2) / 2
    rest = lambda r: (mp.exp(r) - 1 - r) / r**2
    fitted = polynomial(rest, -reach, reach, 9)
    show("exp", fitted, largest_error(rest, fitted, -reach, reach, lambda r: r * r))


def logarithm():
    """P in ln((1+s)/(1-s)) = 2 s + s^3 P(s^2), for arguments of ln within sqrt(1/2) and sqrt(2)."""
    reach = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2
    rest = lambda u: (mp.log((1 + mp.sqrt(u)) / (1 - mp.sqrt(u))) - 2 * mp.sqrt(u)) / mp.sqrt(u) ** 3
    fitted = polynomial(rest, mpf(0), reach, 6)
    show("log", fitted, largest_error(rest, fitted, mpf(0), reach, lambda u: u / 2))


def error_function():
    """P in erf(x) = x P(x^2), |x| <= 0.75."""
    reach = mpf("0.5625")
    rest = lambda u: mp.erf(mp.sqrt(u)) / mp.sqrt(u)
    fitted = polynomial(rest, mpf(0), reach, 11)
    show("erf", fitted, largest_error(rest, fitted, mpf(0), reach, lambda u: 1 / rest(u)))


def mills_excess(z):
    """1/m(z) - z, where m(z) is Mills' ratio of the upper tail."""
    if z > 1000:
        return 1 / z - 2 / z**3 + 10 / z**5 - 74 / z**7 + 706 / z**9 - 8162 / z**11
    if z > 60:
        ratio = mp.fsum((-1) ** k * mp.fac2(2 * k - 1) / z ** (2 * k + 1) for k in range(22))
    else:
        ratio = mp.sqrt(mp.pi / 2) * mp.exp(z * z / 2) * mp.erfc(z / mp.sqrt(2))
    return 1 / ratio - z


def in_powers_of_y(chebyshev, degree, centre):
    """(y + c)^n times a Chebyshev series in q = (y - c)/(y + c), as a polynomial in y."""
    towers = [[mpf(1)], [mpf(0), mpf(1)]]
    while len(towers) <= degree:
        tower = [mpf(0)] + [2 * v for v in towers[-1]]
        for i, v in enumerate(towers[-2]):
            tower[i] -= v
        towers.append(tower)
    in_q = [mp.fsum(chebyshev[j] * towers[j][i] for j in range(i, degree + 1)) for i in range(degree + 1)]
    total = [mpf(0)] * (degree + 1)
    for i, factor in enumerate(in_q):
        product = [mpf(1)]
        for sign in [-1] * i + [1] * (degree - i):
            product = [(product[k - 1] if k else 0) + sign * centre * (product[k] if k < len(product) else 0)
                       for k in range(len(product) + 1)]
        total = [a + factor * b for a, b in zip(total, product)]
    return total


def mills():
    """S and N, of degrees 12 and 13 in y = z + 1, with 1/m(z) - z = S/N for z >= -1."""
    degree, centre, points, rounds = 12, mpf(4), 150, 12
    nodes = [mp.cos(mp.pi * (2 * k + 1) / (2 * points)) for k in range(points)] + [mpf(-1)]
    places = [centre * (1 + q) / (1 - q) for q in nodes]
    goal = [mills_excess(y - 1) * (y + centre) for y in places]
    towers = [[mp.cos(j * mp.acos(q)) for j in range(degree + 1)] for q in nodes]
    weight, denominator = [mpf(1)] * len(nodes), [mpf(1)] * len(nodes)
    best = None
    for _ in range(rounds):
        rows, right = mp.matrix(len(nodes), 2 * degree + 1), mp.matrix(len(nodes), 1)
        for i, tower in enumerate(towers):
            scale = mp.sqrt(weight[i]) / (goal[i] * abs(denominator[i]))
            for j in range(degree + 1):
                rows[i, j] = tower[j] * scale
            for j in range(1, degree + 1):
                rows[i, degree + j] = -goal[i] * tower[j] * scale
            right[i] = goal[i] * scale
        solution = mp.lu_solve(rows.T * rows, rows.T * right)
        above = [solution[j] for j in range(degree + 1)]
        below = [mpf(1)] + [solution[degree + j] for j in range(1, degree + 1)]
        denominator = [mp.fdot(below, tower) for tower in towers]
        errors = [abs(mp.fdot(above, towers[i]) / denominator[i] / goal[i] - 1) for i in range(len(nodes))]
        if best is None or max(errors) < best[0]:
            best = (max(errors), above, below)
        weight = [w * (e / max(errors) + mpf("1e-3")) for w, e in zip(weight, errors)]
        total = mp.fsum(weight)
        weight = [w / total * len(nodes) for w in weight]
    error, above, below = best
    s = in_powers_of_y(above, degree, centre)
    n = in_powers_of_y(below, degree, centre)
    n = [(n[k - 1] if k else 0) + centre * (n[k] if k <= degree else 0) for k in range(degree + 2)]
    show("Mills S", [v / n[-1] for v in s], error)
    show("Mills N", [v / n[-1] for v in n], error)


def bachelier():
    """h as a rational function of sqrt(w), where exp(-w) = n(h)/h - N(-h) and 1 <= h <= 40."""
    above, below, rounds = 3, 2, 30
    heights = [mpf(40) ** (mpf(k) / 80) for k in range(-4, 81)]
    places = [mp.sqrt(-mp.log(mp.npdf(h) / h - mp.erfc(h / mp.sqrt(2)) / 2)) for h in heights]
    weight, denominator = [mpf(1)] * len(places), [mpf(1)] * len(places)
    best = None
    for _ in range(rounds):
        rows, right = mp.matrix(len(places), above + 1 + below), mp.matrix(len(places), 1)
        for i, (h, u) in enumerate(zip(heights, places)):
            scale = mp.sqrt(weight[i]) / (h * abs(denominator[i]))
            for j in range(above + 1):
                rows[i, j] = u**j * scale
            for j in range(1, below + 1):
                rows[i, above + j] = -h * u**j * scale
            right[i] = h * scale
        solution = list(mp.lu_solve(rows.T * rows, rows.T * right))
        upper, lower = solution[: above + 1], [mpf(1)] + solution[above + 1 :]
        denominator = [mp.polyval(lower[::-1], u) for u in places]
        errors = [abs(mp.polyval(upper[::-1], u) / d / h - 1) for u, d, h in zip(places, denominator, heights)]
        if best is None or max(errors) < best[0]:
            best = (max(errors), upper, lower)
        weight = [w * (e / max(errors) + mpf("1e-2")) for w, e in zip(weight, errors)]
        total = mp.fsum(weight)
        weight = [w / total * len(places) for w in weight]
    show("Bachelier above", best[1], best[0])
    show("Bachelier below", best[2], best[0])


if __name__ == "__main__":
    exponential()
    logarithm()
    error_function()
    mills()
    bachelier()
