"""Why a row is called unusual: which sensors, what would be normal, and what is most alike."""

import numpy as np
import streamlit as st

from models.catalog import Model
from models.explain import is_flat
from models.machine_health import Health, look
from models.machine_health.scoring import WINDOW
from pages.machine_health import figures as machine_figures
from pages.machine_health.given import PAGE, ROW, Given
from pages.parts.draw import charts, figures, kinds, words
from pages.parts.draw.kinds import Sketch
from pages.parts.state import choices, ours

ROW_OF = f"{PAGE}_row_of"  # of which series and stretch the row is
SHOWN = 3  # sensors whose signals are drawn
BARS = 10


def oddest(health: Health) -> int:
    """The row of the highest score outside of the normal stretch, counted from 0."""
    scores = health.scores.copy()
    scores[health.normal.slice] = -1
    return int(scores.argmax())


def drawn(health: Health) -> Sketch:
    """The oddest window of the sensor that makes most of it, squeezed through its numbers."""
    row = oddest(health)
    sensor = int(health.shares(row).argmax())
    end = max(row, WINDOW - 1)
    given = health.values[end + 1 - WINDOW : end + 1, sensor]
    code = health.codes[health.window(row), sensor]
    return kinds.autoencoder(given - given.min(), code, None, f"{WINDOW} rows")


def look_at(row: int) -> None:
    """Explain that row, counted from 0: a click on it in a table."""
    choices.put({ROW: max(WINDOW, row + 1), "part": "Why"})


def show(model: Model, given: Given, health: Health) -> None:
    """Which row, and everything about its window."""
    rows, state = len(health.scores), st.session_state
    # A link's row is kept; with another series or stretch the oddest row is another.
    shown, last = (given.key, health.normal), state.get(ROW_OF)
    usual = oddest(health) + 1
    if last not in (None, shown):
        choices.put({ROW: usual})
    state[ROW_OF] = shown
    said = "Row to look at (its window is the 32 rows up to it)"
    row = choices.slide(said, WINDOW, rows, usual, key=ROW) - 1
    names = given.sensors.names
    shares = health.shares(row)
    order = np.argsort(-shares, kind="stable")
    first = int(order[0])
    most = (
        "No sensor is more unusual than another here."
        if len(names) > 1 and is_flat(shares)
        else f"The most unusual sensor is *{words.named(names[first])}*, with "
        f"{shares[first]:.0%} of all that is unusual here."
    )
    st.markdown(
        f"**{words.named(given.time(row))}: score {health.scores[row]:.2f}.** {most} The score is "
        "a mean over the last windows of their most unusual sensor; 1 is what the most unusual per "
        "cent of the normal stretch reaches."
    )
    sensors = [int(i) for i in order[:SHOWN]]
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.markdown("**Which sensor?** Share of what is unusual in this window")
        some = order[:BARS]
        drawn = figures.bars(
            [machine_figures.shown(names, i) for i in some],
            [float(shares[i]) for i in some],
            "share",
        )
        charts.show(drawn, key="machine_shares")
        still = [words.named(names[i]) for i in np.flatnonzero(health.stillness)]
        if still:
            st.caption(
                f"{', '.join(still[:4])} never changed in the normal stretch: any change of it "
                "counts as far off."
            )
    with right:
        st.markdown("**What would have been normal?** Measured and drawn back into the normal")
        found = ours.kept(
            given.public(model.release, health.normal, row), lambda: look(model, health, row)
        )
        charts.show(
            machine_figures.window(health, found, row, sensors, names), key="machine_window"
        )
    ends = health.alike(row)
    up_to = ", ".join(f"{end + 1:,}" for end in ends) or "none"
    st.markdown(
        f"**When was it most like this in the normal stretch?** *{words.named(names[first])}* "
        f"here, and in the {WINDOW} rows up to each of the rows {up_to}, where all sensors "
        "together were most alike."
    )
    charts.show(machine_figures.alike(health, ends, row, first, names), key="machine_alike")
