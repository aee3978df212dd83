"""A chart is honest: it begins at zero, its bars are as long as their values, its table says the same."""

from decimal import Decimal

import pytest

from lending.web import charts

WEEKS = [(f"m{week}", amount) for week, amount in enumerate((2_100_000, 0, 1_050_000, 2_800_000))]


def drawn(values, kind=charts.bars):
    return kind("c", "Terkumpul", "Empat minggu.", values, across="Minggu", upward="Terkumpul", form=str)


def test_a_bar_is_as_long_as_its_value():
    chart = drawn(WEEKS)
    lengths = [chart.ground - point.y for point in chart.points]
    assert lengths[1] == 0
    assert lengths[0] == pytest.approx(2 * lengths[2], abs=0.2)
    assert max(lengths) == lengths[3] <= chart.ground


def test_the_axis_begins_at_zero_and_reaches_the_highest():
    chart = drawn(WEEKS)
    assert (chart.grid[0].label, chart.grid[0].y) == ("0", chart.ground)
    assert [line.label for line in chart.grid] == ["0", "1000000", "2000000", "3000000"]


@pytest.mark.parametrize(
    ("highest", "steps"),
    [
        (0, "0 1"), (3, "0 1 2 3"), (7, "0 2 4 6 8"), (100, "0 50 100"),
        (Decimal("0.031"), "0 0.01 0.02 0.03 0.04"), (10**12, "0 500000000000 1000000000000"),
    ],
)  # fmt: skip
def test_the_grid_has_round_steps(highest, steps):
    assert charts.steps_up_to(highest) == [Decimal(step) for step in steps.split()]


@pytest.mark.parametrize("values", [[], [("m1", 5)], [("m1", 0), ("m2", 0)], [(f"m{n}", n) for n in range(200)]])
@pytest.mark.parametrize("kind", [charts.bars, charts.line])
def test_few_or_many_values_stay_on_the_paper(values, kind):
    chart = drawn(values, kind)
    assert len(chart.points) == len(values)
    for point in chart.points:
        assert 0 <= point.y <= chart.ground
        assert chart.left <= point.middle <= chart.width
    assert sum(point.shown == "always" for point in chart.points) <= 5
    assert sum(point.shown != "" for point in chart.points) <= 9
    if values:
        assert chart.points[-1].shown == "always", "the last is the one people look for"


@pytest.mark.parametrize(
    ("amount", "written"),
    [(0, "0"), (2_800_000, "2,8 jt"), (3_000_000, "3 jt"), (500_000, "500 rb"), (1_250_000_000, "1250 jt"), (-1_500_000, "-1,5 jt")],
)
def test_an_axis_says_amounts_in_short(amount, written):
    assert charts.millions(amount, "id") == written


def test_an_axis_says_them_in_english_too():
    assert charts.millions(2_800_000, "en") == "2.8 m"


def test_a_ranking_gives_each_name_its_share_of_the_longest():
    ranking = charts.ranking("r", "Tunggakan", "Empat kelompok.", [("Anggrek", 800), ("Melati", 200), ("Mawar", 0)], form=str)
    assert [(row.label, row.value, row.share) for row in ranking.rows] == [
        ("Anggrek", "800", 100.0),
        ("Melati", "200", 25.0),
        ("Mawar", "0", 0.0),
    ]


@pytest.mark.parametrize("values", [[], [("Anggrek", 0)], [("Anggrek", -5)]])
def test_a_ranking_of_nothing_has_no_bars(values):
    assert all(row.share == 0 for row in charts.ranking("r", "t", "s", values, form=str).rows)


def test_pairs_share_one_scale_and_are_told_apart_by_their_width():
    values = [("Sen", 4_000_000, 1_000_000), ("Sel", 0, 500_000)]
    chart = charts.pairs("c", "Minggu", "Dua hari.", values, across="Hari", upward=("Jatuh tempo", "Terkumpul"), form=str)
    heights = [chart.ground - point.y for point in (*chart.behind, *chart.points)]
    assert heights[0] == pytest.approx(4 * heights[2], abs=0.4)
    assert heights[1] == 0
    assert heights[3] == pytest.approx(heights[2] / 2, abs=0.2)
    assert [(point.value, chart.behind[place].value) for place, point in enumerate(chart.points)] == [
        ("1000000", "4000000"),
        ("500000", "0"),
    ]
    assert all(point.middle == behind.middle for point, behind in zip(chart.points, chart.behind, strict=True))
