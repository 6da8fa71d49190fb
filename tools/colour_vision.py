"""How far apart two colours are for each kind of eye: colour blindness simulated, distances by CIEDE2000.

Colours are sRGB with components from 0 to 255. Eyes are simulated with the matrices of G. M. Machado, M. M. Oliveira,
L. A. F. Fernandes, "A physiologically-based model for simulation of color vision deficiency", IEEE Trans. Visualization
and Computer Graphics 15 (2009) 1291-1298, at severity 1.0, applied in linear RGB. The distance is that of G. Sharma,
W. Wu, E. N. Dalal, "The CIEDE2000 color-difference formula", Color Research and Application 30 (2005) 21-30; the
letters in `ciede2000` are theirs.
"""

import math

Colour = tuple[float, float, float]

# Rows give red, green and blue as the eye without one kind of cone sees them.
EYES: dict[str, tuple[Colour, Colour, Colour]] = {
    "trichromat": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanope": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranope": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanope": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}

# IEC 61966-2-1, for the white of D65.
_XYZ_OF_LINEAR = ((0.4124564, 0.3575761, 0.1804375),
                  (0.2126729, 0.7151522, 0.0721750),
                  (0.0193339, 0.1191920, 0.9503041))
_WHITE_D65 = (0.95047, 1.0, 1.08883)


def distances(first: Colour, second: Colour) -> dict[str, float]:
    """CIEDE2000 between two colours as each kind of eye sees them; 1 is about what can just be noticed."""
    return {eye: ciede2000(_lab(first, rows), _lab(second, rows)) for eye, rows in EYES.items()}


def ciede2000(first: Colour, second: Colour) -> float:
    """The distance of two colours given as CIELAB, with the parametric factors at one."""
    lightness = (first[0] + second[0]) / 2
    c_mean = (math.hypot(*first[1:]) + math.hypot(*second[1:])) / 2
    g = 0.5 * (1 - math.sqrt(c_mean**7 / (c_mean**7 + 25.0**7)))
    a1, a2 = (1 + g) * first[1], (1 + g) * second[1]
    c1, c2 = math.hypot(a1, first[2]), math.hypot(a2, second[2])
    h1, h2 = _hue(a1, first[2]), _hue(a2, second[2])

    dl, dc = second[0] - first[0], c2 - c1
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    if turn == -180.0 and h2 > h1:
        turn = 180.0
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))

    c = (c1 + c2) / 2
    h = h1 + h2 if c1 * c2 == 0 else _hue_between(h1, h2)
    t = (1 - 0.17 * math.cos(math.radians(h - 30)) + 0.24 * math.cos(math.radians(2 * h))
         + 0.32 * math.cos(math.radians(3 * h + 6)) - 0.20 * math.cos(math.radians(4 * h - 63)))
    rotation = 2 * math.sqrt(c**7 / (c**7 + 25.0**7)) * math.sin(math.radians(60 * math.exp(-(((h - 275) / 25) ** 2))))
    s_l = 1 + 0.015 * (lightness - 50) ** 2 / math.sqrt(20 + (lightness - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c, 1 + 0.015 * c * t
    return math.sqrt((dl / s_l) ** 2 + (dc / s_c) ** 2 + (dh / s_h) ** 2 - rotation * (dc / s_c) * (dh / s_h))


def _hue(a: float, b: float) -> float:
    return math.degrees(math.atan2(b, a)) % 360


def _hue_between(h1: float, h2: float) -> float:
    if abs(h1 - h2) <= 180:
        return (h1 + h2) / 2
    return (h1 + h2 + 360) / 2 if h1 + h2 < 360 else (h1 + h2 - 360) / 2


def _lab(colour: Colour, eye: tuple[Colour, Colour, Colour]) -> Colour:
    linear = tuple(_linear(component / 255) for component in colour)
    # A simulated colour may lie outside the screen's; it is shown as the nearest that the screen has.
    seen = [min(1.0, max(0.0, _dot(row, linear))) for row in eye]
    x, y, z = (_cube_root(_dot(row, seen) / white) for row, white in zip(_XYZ_OF_LINEAR, _WHITE_D65))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(component: float) -> float:
    return component / 12.92 if component <= 0.04045 else ((component + 0.055) / 1.055) ** 2.4


def _cube_root(t: float) -> float:
    return t ** (1 / 3) if t > (6 / 29) ** 3 else t * (29 / 6) ** 2 / 3 + 4 / 29


def _dot(row: Colour, vector: "list[float] | tuple[float, ...]") -> float:
    return row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2]
