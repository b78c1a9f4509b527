"""Features of transactions: the windows, the delay and the order of time, worked out by hand."""

import numpy as np
import pytest

from models.card_fraud import lookback, reading
from models.card_fraud.lookback import DAY, NAMES, Transactions
from models.decode.tables import read
from models.errors import InputError
from tests.helpers import is_sentence

MONDAY = 1_767_571_200  # 2026-01-05 00:00
HOUR = 3600


def made(rows: list[tuple[float, int, int, float, int]]) -> Transactions:
    """(day after a Monday, customer, terminal, amount, fraud)."""
    day, customer, terminal, amount, fraud = map(np.array, zip(*rows, strict=True))
    time = (MONDAY + day * DAY).astype(np.int64)
    return Transactions(time, customer, terminal, amount.astype(float), fraud > 0)


def column(rows: list[tuple[float, int, int, float, int]], name: str) -> list[float]:
    return lookback.features(made(rows))[:, NAMES.index(name)].tolist()


def test_a_window_begins_after_its_first_moment_and_holds_the_transaction_itself() -> None:
    rows = [(0, 1, 1, 10, 0), (1, 1, 1, 20, 0), (1.5, 1, 1, 60, 0), (1.5, 2, 1, 99, 0)]
    assert column(rows, "card_count_1d") == [1, 1, 2, 1]  # (0, 1] days: the first is out
    assert column(rows, "card_count_7d") == [1, 2, 3, 1]
    assert column(rows, "card_mean_1d") == [10, 20, 40, 99]


def test_frauds_are_known_after_seven_days_and_not_before() -> None:
    rows = [
        (0, 1, 5, 10, 1), (6.9, 2, 5, 10, 0), (7, 3, 5, 10, 0), (7.5, 4, 5, 10, 0),
        (8.5, 4, 5, 10, 0),
    ]  # fmt: skip
    assert column(rows, "terminal_risk_7d") == [0, 0, 1, 1, 1]
    assert column(rows, "terminal_count_1d") == [0, 0, 1, 1, 0]  # (t - 8, t - 7] days
    assert column(rows, "terminal_last_3") == [0, 0, 1, 1, 1]
    # At 14 days those of the days 0, 6.9 and 7 are known: one in three was a fraud.
    assert column([*rows, (14, 5, 5, 10, 0)], "terminal_risk_30d")[-1] == pytest.approx(1 / 3)


def test_a_fraud_says_nothing_after_28_days() -> None:
    rows = [(0, 1, 5, 10, 1), (27.9, 2, 5, 10, 0), (28, 3, 5, 10, 0)]
    assert column(rows, "terminal_risk_21d") == [0, 1, 0]
    assert column(rows, "terminal_risk_30d") == [0, 1, 1]


def test_an_amount_is_compared_with_the_card_s_own_month_before_it() -> None:
    rows = [(0, 1, 1, 10, 0), (1, 1, 1, 30, 0), (2, 1, 1, 100, 0), (40, 1, 1, 50, 0)]
    assert column(rows, "usual_amount") == [10, 10, 20, 50]  # nothing before it: itself
    assert column(rows, "times_usual") == [1, 3, 5, 1]
    assert column(rows, "spreads_above")[2] == pytest.approx((100 - 20) / 10)


def test_weekend_and_night_are_those_of_the_clock() -> None:
    rows = [
        (0, 1, 1, 1, 0),
        (4.99, 1, 1, 1, 0),
        (5, 1, 1, 1, 0),
        (6.99, 1, 1, 1, 0),
        (7, 1, 1, 1, 0),
    ]
    assert column(rows, "weekend") == [0, 0, 1, 1, 0]
    rows = [(hour / 24, 1, 1, 1, 0) for hour in (0, 6.9, 7, 23.9)]
    assert column(rows, "night") == [1, 1, 0, 0]


def test_no_feature_sees_what_comes_after_or_is_not_yet_known() -> None:
    rng = np.random.default_rng(0)
    n = 400
    time = np.sort(rng.integers(0, 60 * DAY, n)) + MONDAY
    given = Transactions(
        time,
        rng.integers(0, 9, n),
        rng.integers(0, 9, n),
        rng.uniform(1, 99, n),
        rng.random(n) < 0.2,
    )
    whole = lookback.features(given)
    cut = int(np.searchsorted(time, MONDAY + 40 * DAY))
    assert given.fraud is not None
    young = given.fraud & (time < MONDAY + 33 * DAY)  # labels of the last week are not known
    early = Transactions(time, given.customer, given.terminal, given.amount, young).take(
        np.arange(cut)
    )
    assert np.allclose(lookback.features(early), whole[:cut], rtol=1e-9, atol=1e-9)


def test_rows_in_another_order_get_the_same_features() -> None:
    rng = np.random.default_rng(1)
    given = made([(d, d % 3, d % 2, 10 + d, d % 5 == 0) for d in range(50)])
    order = rng.permutation(50)
    assert (lookback.features(given.take(order)) == lookback.features(given)[order]).all()


def test_nothing_and_one_row_have_features_too() -> None:
    one = made([(0, 1, 1, 10, 0)])
    assert lookback.features(one.take(np.array([], int))).shape == (0, len(NAMES))
    assert np.isfinite(lookback.features(one)).all()


def given(text: str) -> reading.Given:
    return reading.read(read(text.encode()))


def test_times_are_read_as_dates_or_seconds_in_any_order_of_columns() -> None:
    dates = given("amount,Terminal,CUSTOMER,time,fraud\n5,t1,Ann,2026-01-05 00:10,1\n"
                  "6,t1,Bob,2026-02-20T00:00:30Z,\n")  # fmt: skip
    seconds = given(f"time;customer;terminal;amount\n{MONDAY + 600};Ann;t1;5\n"
                    f"{MONDAY + 46 * DAY + 30};Bob;t1;6\n")  # fmt: skip
    assert (dates.transactions.time == seconds.transactions.time).all()
    assert dates.transactions.fraud is not None
    assert dates.transactions.fraud.tolist() == [True, False]
    assert seconds.transactions.fraud is None
    assert any("no column fraud" in note for note in seconds.notes)
    assert dates.short.tolist() == [True, False]


def test_times_with_an_offset_are_taken_to_one_clock() -> None:
    table = "time,customer,terminal,amount\n2026-01-05T02:10+02:00,a,b,5\n2026-01-05 00:10,a,b,5\n"
    first, second = given(table).transactions.time
    assert first == second == MONDAY + 600


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("31.05,a,b,5,0", "Column time has no time between 1970 and 2100 in row 3"),
        ("now,a,b,5,0", "Column time has no time between 1970 and 2100 in row 3"),
        ("2026,a,b,5,0", "Column time has no time between 1970 and 2100 in row 3"),
        ("2026-13-01T00:00+01:00,a,b,5,0", "Column time .* in row 3"),
        ("0001-01-01T00:00+02:00,a,b,5,0", "Column time .* in row 3"),
        (",a,b,5,0", "Column time .* in row 3"),
        ("1e300,a,b,5,0", "Column time .* in row 3"),
        ("nan,a,b,5,0", "Column time .* in row 3"),
        ("2300-01-01,a,b,5,0", "Column time .* in row 3"),
        ("2026-01-01,,b,5,0", "Column customer has an empty cell in row 3"),
        ("2026-01-01,a, ,5,0", "Column terminal has an empty cell in row 3"),
        ("2026-01-01,a,b,five,0", "Column amount has a text in row 3"),
        ("2026-01-01,a,b,inf,0", "Column amount has NaN or infinity in row 3"),
        ("2026-01-01,a,b,-5,0", "Column amount is below 0 in row 3"),
        (
            "2026-01-01,a,b,1e12,0",
            "Column amount is too large in row 3: it must be at most 1,000,000,000",
        ),
    ],
)
def test_a_bad_cell_is_named_by_column_and_row(row: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        given(f"time,customer,terminal,amount,fraud\n2026-01-01 10:00,a,b,5,0\n{row}\n")
    assert is_sentence(caught.value)


def test_one_long_name_costs_no_more_room_than_it_takes() -> None:
    rows = "".join(
        f"{MONDAY + i},{'x' * 130_000 if i == 5 else 'Ann'},t{i % 7},1\n" for i in range(20_000)
    )
    found = given(f"time,customer,terminal,amount\n{rows}").transactions
    assert np.bincount(found.customer).tolist() == [19_999, 1]
    assert np.bincount(found.terminal).tolist() == [2_858, *[2_857] * 6]


def test_a_giant_payment_of_one_card_moves_nothing_of_another() -> None:
    """The sum over all cards before lost the cents of everybody beside it."""
    rng = np.random.default_rng(0)
    n = 2_000
    rows = [
        f"{MONDAY + 3_600 * i},c{rng.integers(20)},t{rng.integers(30)},{rng.uniform(1, 99):.2f},0"
        for i in range(n)
    ]
    giant = f"{MONDAY + 1_800},z,zz,999999999.99,0"
    head = "time,customer,terminal,amount,fraud"
    alone = lookback.features(given("\n".join([head, *rows])).transactions)
    beside = lookback.features(given("\n".join([head, *rows, giant])).transactions)
    assert (alone == beside[:-1]).all()
    # Nor of its own card once it has left the window.
    own = [f"{MONDAY + DAY * i},a,t,{1e9 if not i else 10 + i % 3},0" for i in range(80)]
    late = [f"{MONDAY + DAY * i},a,t,{10 + i % 3},0" for i in range(40, 80)]
    whole, rest = (
        lookback.features(given("\n".join([head, *some])).transactions) for some in (own, late)
    )
    names = [lookback.NAMES.index(name) for name in ("usual_amount", "spreads_above")]
    assert (whole[-5:, names] == rest[-5:, names]).all()


def test_sums_over_windows_are_those_of_their_values() -> None:
    rng = np.random.default_rng(1)
    for n in (1, 2, 3, 7, 64, 100):
        values = rng.integers(0, 1_000, n).astype(float)
        begin = rng.integers(0, n + 1, 50)
        end = np.maximum(begin, rng.integers(0, n + 1, 50))
        expected = [values[a:b].sum() for a, b in zip(begin, end, strict=True)]
        assert lookback._sums(values, begin, end).tolist() == expected


def test_a_date_without_a_clock_is_not_night_and_it_is_said() -> None:
    head = "time,customer,terminal,amount\n"
    night = lookback.NAMES.index("night")
    for day in ("20260531", "2026-05-31", "31.05.2026", "46173"):
        found = given(f"{head}{day},a,b,5\n")
        assert lookback.features(found.transactions)[0, night] == 0
        assert any("no clock" in note for note in found.notes)
    early = given(f"{head}2026-05-31 03:00,a,b,5\n")
    assert lookback.features(early.transactions)[0, night] == 1
    # By the clock of where the card was used, whatever it is in UTC.
    abroad = given(f"{head}2026-05-31T03:00+09:00,a,b,5\n")
    assert lookback.features(abroad.transactions)[0, night] == 1


def test_a_row_that_cannot_be_read_is_left_out_and_named() -> None:
    rows = "".join(f"2026-01-{i:02} 10:00,a,b,5,0\n" for i in range(1, 20))
    found = given(f"time,customer,terminal,amount,fraud\n{rows}2026-01-20 10:00,a,b,five,0\n")
    assert len(found) == 19
    assert any("Row 21 was left out. Column amount has a text" in note for note in found.notes)


def test_labels_of_fraud_are_understood_or_asked_for() -> None:
    head = "time,customer,terminal,amount,fraud\n"
    row = "2026-01-0{} 10:00,a,b,5,{}\n"
    for yes, no in (("1", "0"), ("TRUE", "False"), ("Fraud", "Legit"), ("yes", "")):
        found = given(head + row.format(1, yes) + row.format(2, no)).transactions.fraud
        assert found is not None
        assert found.tolist() == [True, False]
    asked = given(head + row.format(1, "rot") + row.format(2, "blau"))
    assert asked.transactions.fraud is None
    assert asked.labels is not None
    assert asked.labels.open
    told = asked.told("blau").transactions.fraud
    assert told is not None
    assert told.tolist() == [True, False]
