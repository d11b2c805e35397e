"""The picture of the frontier."""

import re

from value_picture import picture, ticks


def test_ticks_enclose_the_values():
    assert ticks([0.47, 0.81], 0.1) == [0.4, 0.5, 0.6, 0.7, 0.8, 0.9]


def test_the_picture_has_a_point_and_its_weight_for_each_weight():
    drawn = picture([0, 6], [0.5, 0.75], {"one": [1.2, 1.1], "two": [1.15, 1.05]})
    assert drawn.count("<circle") == 4
    assert drawn.count(">6</text>") == 2
    for name in ("one", "two"):
        assert f">{name}</text>" in drawn


def test_weights_stand_above_the_higher_line_and_below_the_lower():
    drawn = picture([6], [0.55], {"low": [1.0], "high": [1.1]})
    circles = [float(y) for y in re.findall(r'<circle cx="[\d.]+" cy="([\d.]+)"', drawn)]
    labels = [
        float(y) for y in re.findall(r'y="([\d.]+)" text-anchor="middle" fill="[^"]+">6<', drawn)
    ]
    assert [label - circle for label, circle in zip(labels, circles, strict=True)] == [18, -9]
