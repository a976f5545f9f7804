"""Charts: the geometry keeps the proportions of the numbers."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from intake.web.charts import draw_bars, draw_columns

COUNTS = st.lists(st.integers(0, 10**6), max_size=40)


@given(COUNTS)
def test_columns_stay_inside_the_picture_and_keep_their_order_of_size(counts: list[int]) -> None:
    """No column is taller than the picture, none above nothing is invisible, a larger count is never a lower column."""
    start = date(2026, 1, 1)
    chart = draw_columns([(start + timedelta(days=day), count) for day, count in enumerate(counts)])
    assert chart.total == sum(counts)
    assert chart.highest == max(counts, default=0)
    for column in chart.columns:
        assert 0 <= column.x <= chart.width - chart.column_width
        assert abs(column.y + column.height - 100) < 0.01
        assert (column.height >= 2) == (column.count > 0)
    by_count = sorted(chart.columns, key=lambda column: column.count)
    assert [column.height for column in by_count] == sorted(column.height for column in chart.columns)


def test_bars_are_longest_first_and_equal_ones_by_label() -> None:
    """The order is the same on every day."""
    chart = draw_bars([("b", 1), ("a", 1), ("c", 4)])
    assert [(bar.label, bar.share) for bar in chart.bars] == [("c", 100.0), ("a", 25.0), ("b", 25.0)]


def test_a_chart_of_nothing_is_empty() -> None:
    """No records, no bars, no division by nothing."""
    assert draw_bars([]).bars == ()
    assert draw_columns([]).columns == ()
