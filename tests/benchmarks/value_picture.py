"""The frontier of value against history as a picture, readable on light and on dark pages."""

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 380, 64, 150, 24, 54
#: Grey and colours with contrast on white as on black.
GREY, COLOURS = "#7d7d7d", ("#009688", "#d9730d")


def ticks(values, step):
    """Multiples of a step that enclose the values."""
    first = int(min(values) // step)
    last = max(int(-(-max(values) // step)), first + 1)
    return [round(n * step, 10) for n in range(first, last + 1)]


def picture(weights, share, ratios):
    """SVG: how far from random to plug-in to the right, nDCG over the best baseline upwards.

    A line for each data set of `ratios`, a point for each weight; the weight stands above the
    highest of its points and below the others.
    """
    across = ticks(share, 0.1)
    up = ticks([1.0, *(ratio for line in ratios.values() for ratio in line)], 0.05)
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(value):
        return round(LEFT + wide * (value - across[0]) / (across[-1] - across[0]), 1)

    def y(value):
        return round(TOP + high * (up[-1] - value) / (up[-1] - up[0]), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="sans-serif" font-size="13">',
        "<title>nDCG of history over the best baseline, against planted value, by uplift_weight"
        "</title>",
    ]
    for value in up:
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value)}" y2="{y(value)}" '
            f'stroke="{GREY}" stroke-opacity="{0.9 if value == 1 else 0.25}"/>'
            f'<text x="{LEFT - 8}" y="{y(value) + 4}" text-anchor="end" fill="{GREY}">'
            f"{value:.2f}</text>"
        )
    for value in across:
        parts.append(
            f'<text x="{x(value)}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle" fill="{GREY}">'
            f"{value:.0%}</text>"
        )
    highest = [max(points) for points in zip(*ratios.values(), strict=True)]
    for (name, line), colour in zip(ratios.items(), COLOURS, strict=False):
        places = [(x(a), y(b)) for a, b in zip(share, line, strict=True)]
        path = " ".join(f"{a},{b}" for a, b in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for weight, (a, b), ratio, top in zip(weights, places, line, highest, strict=True):
            beside = round(b - 9 if ratio == top else b + 18, 1)
            parts.append(
                f'<circle cx="{a}" cy="{b}" r="3.5" fill="{colour}"/>'
                f'<text x="{a}" y="{beside}" text-anchor="middle" fill="{colour}">{weight:g}</text>'
            )
        a, b = places[-1]
        parts.append(f'<text x="{a + 12}" y="{b + 4}" fill="{colour}">{name}</text>')
    parts += [
        f'<text x="{LEFT + wide / 2}" y="{HEIGHT - 12}" text-anchor="middle" fill="{GREY}">'
        "planted value: share of the way from random to plug-in</text>",
        f'<text x="{LEFT - 48}" y="14" fill="{GREY}">nDCG@10 of history / best baseline</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"
