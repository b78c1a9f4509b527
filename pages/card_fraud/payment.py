"""Try transactions: samples of ours, every cell to change, and what is said of one of them."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from models.card import Precision
from models.card_fraud import Scored, predict, reading
from models.card_fraud.lookback import HISTORY
from models.card_fraud.reading import FRAUD, NEEDED, Given
from models.catalog import Model
from models.engine import Run
from models.errors import InputError
from pages.card_fraud.samples import TRANSACTIONS, Sample
from pages.parts.anomaly.dial import Dial, in_figures
from pages.parts.source.cells import Cells, Shown
from pages.parts.source.place import Source
from pages.parts.state import choices, ours

PAGE = "card_fraud"
FIRST = next(iter(TRANSACTIONS))
BY = f"{PAGE}_by"
ROW = f"{PAGE}_row"
MOST = 1_000  # transactions in the cells: a file is read quicker than they are drawn
LABELLED, UNLABELLED = "learned from labels", "saw no labels"


def labelled() -> bool:
    """Whether the network that learned from labels judges."""
    return choices.one(BY, (LABELLED, UNLABELLED)) == LABELLED


def choose_network() -> None:
    """Which of both networks judges."""
    choices.pick(
        st.segmented_control,
        "Judged by the network that",
        (LABELLED, UNLABELLED),
        key=BY,
        help="One learned from transactions that were marked as fraud or not. The other learned "
        "to repeat transactions, without knowing which were frauds.",
    )


def row(shown: Shown, count: int) -> int:
    """Which of the transactions is judged, counted from 0; of another story the first.

    Of the visitor's own, when they come back, the one that was judged before.
    """
    state, of, own = st.session_state, f"{ROW}_of", f"{ROW}_own"
    if state.get(of, shown.editor) != shown.editor:
        choices.put({ROW: state.get(own, 1) if shown.own else 1})
    state[of] = shown.editor
    judged = choices.slide("Row to judge, from the top", 1, max(1, count), 1, key=ROW)
    if shown.own:
        state[own] = judged
    return judged - 1


def dial(model: Model) -> Dial:
    """The dial over the test week's scores, by the network that is chosen."""
    by = labelled()
    return Dial.released(
        model,
        "threshold" if by else "unusual",
        "test_score" if by else "test_unusual",
        "test_abnormal",
        page=PAGE if by else f"{PAGE}_unlabelled",
        told="{n} simulated transactions of the test week",
        axis="score: log-odds of fraud" if by else "how unusual, log10 of the error",
        many="transactions",
        one_abnormal="fraud",
        all_abnormal="frauds",
        rows=8_000,
        false_cost=5,
        missed_cost=100,
    )


def frame(sample: Sample) -> pd.DataFrame:
    """A sample's transactions as a table, the latest first."""
    return pd.DataFrame(sample.rows, columns=[*NEEDED, FRAUD])


CELLS = Cells(
    Source(f"{PAGE}_cells", "Transactions of ours", TRANSACTIONS, lambda _: {}, "transactions"),
    # Of objects: in a row that is added each cell begins as nothing, which is no bool.
    lambda name: frame(TRANSACTIONS[name]).astype(object),
)


def editor(shown: Shown) -> tuple[pd.DataFrame, bool]:
    """The transactions, to change; returns them and whether they are not the sample's as it is."""
    edited = st.data_editor(
        shown.table,
        key=shown.editor,
        num_rows="dynamic",
        alt="The sample's transactions, the latest first, every cell to change.",
        hide_index=True,
        height="stretch",  # beside the answer; above it, on a phone, see shell.css
        column_config={
            "time": st.column_config.TextColumn("Time", help="As 2026-03-20 18:30.", width=126),
            "customer": st.column_config.TextColumn("Customer", width=92),
            "terminal": st.column_config.TextColumn("Terminal", width=86),
            "amount": st.column_config.TextColumn("Amount", width=78),
            FRAUD: st.column_config.CheckboxColumn(
                "Fraud", width=72, help="Known as one in the end: after a week it counts."
            ),
        },
    )
    given = kept(edited)
    before = frame(TRANSACTIONS[shown.sample])
    return given, not given.astype(str).equals(before.astype(str))


def kept(table: pd.DataFrame) -> pd.DataFrame:
    """The table without rows that hold nothing, and nothing where a cell is empty."""
    filled = table.dropna(how="all", subset=list(NEEDED)).astype(object)
    return filled.where(filled.notna(), "").reset_index(drop=True)


def read(table: pd.DataFrame) -> Given:
    """The transactions in the cells. Raises InputError by column and row of the cells."""
    if table.empty:
        raise InputError("There is no transaction left to judge: add one, or choose a sample.")
    if len(table) > MOST:
        raise InputError(
            f"There are {len(table):,} transactions in these cells and at most {MOST:,} are read "
            "here: give them as a CSV file."
        )
    rows = [*range(1, len(table) + 1)]
    cells = {name: [str(cell) for cell in table[name]] for name in NEEDED}
    return reading.checked(cells, reading.typed_fraud([*table[FRAUD]], rows), rows)


def answer(model: Model, given: Given, precision: Precision) -> tuple[Scored, Run]:
    """What both networks say of the transactions, and the run."""
    return predict(model, given.transactions, precision)


def of_sample(model: Model, name: str, precision: Precision) -> tuple[Given, Scored, Run]:
    """The transactions of a sample as they are, what both networks say of them, and the run."""
    return ours.kept(
        (model.release, "sample", name, precision), lambda: _of_sample(model, name, precision)
    )


def _of_sample(model: Model, name: str, precision: Precision) -> tuple[Given, Scored, Run]:
    given = read(frame(TRANSACTIONS[name]))
    return given, *answer(model, given, precision)


@dataclass(frozen=True)
class Asked:
    """What is judged: one transaction of those scored, and days of them before it.

    sample: its story, where it is the latest of one that nobody changed. named: which it is, in
    words. public: the key of what is made of our own.
    """

    found: Scored
    at: int = 0
    days: float = HISTORY
    sample: Sample | None = None
    named: str = "the payment above"
    public: ours.Key = None

    @property
    def score(self) -> float:
        """What the dial is about, by the network that is chosen."""
        return float((self.found.log_odds if labelled() else self.found.anomaly_score)[self.at])


def verdict(turned: Dial, asked: Asked, threshold: float) -> None:
    """What the network says of one transaction, in words, and what it was made as."""
    score, sample = asked.score, asked.sample
    alarm = score >= threshold
    probability = float(asked.found.probability[asked.at])
    how = "unusual" if alarm else "nothing unusual"
    more = ""
    if labelled():
        how = likely(probability)
        more = f"Probability of fraud **{percent(probability)}**. "
    st.markdown(f"#### **{'Alarm' if alarm else 'No alarm'}:** this payment is {how}.")
    told = "What this transaction is, only you can say."
    if sample is not None:
        made = "a fraud" if sample.fraud else "honest"
        right = "Right" if alarm == sample.fraud else "Wrong"
        told = f"{sample.told} We made it as **{made}**. {right}."
    if asked.days < HISTORY:
        told += (
            f" Only {asked.days:.0f} days stand before it here, and its features look back "
            f"{HISTORY}: it is judged by what there is."
        )
    st.caption(told)
    in_figures(turned, score, threshold, more)


def likely(probability: float) -> str:
    """A probability of fraud in words."""
    steps = {
        0.99: "almost certainly a fraud",
        0.8: "very likely a fraud",
        0.5: "probably a fraud",
        0.1: "possibly a fraud",
        0.01: "probably honest",
    }
    return next((said for least, said in steps.items() if probability >= least), "honest, it seems")


def percent(share: float) -> str:
    """A probability in words; a small one is not called nothing."""
    if share < 0.001:
        return "< 0.1%"
    return "> 99.9%" if share > 0.999 else f"{share:.1%}"
