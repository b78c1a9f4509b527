"""Real or made? Twenty pictures, one after the other: the visitor against the discriminator."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from models.catalog import Model
from models.kinds import generator
from pages.image_generation import files
from pages.parts.draw import inline
from pages.parts.job import guard
from pages.parts.state import choices

PICTURES = 20
ROUNDS = 9_999
SIDE, LAST = 224, 56  # pixels: of what is asked about, and of the one before
SAYS = {True: "real", False: "made"}


@dataclass(frozen=True)
class Quiz:
    """pictures uint8 [20, side, side, colours], whether each is real, the discriminator's odds."""

    pictures: np.ndarray
    labels: np.ndarray
    real: np.ndarray
    odds: np.ndarray


def made(model: Model, number: int) -> Quiz:
    """The quiz of that number: ten real pictures that never trained, and ten of their classes made.

    Raises what `engine.infer` raises.
    """
    evidence, rng = model.arrays("evidence.npz"), np.random.default_rng((number, PICTURES))
    rows = rng.permutation(len(evidence["held_out_pictures"]))[: PICTURES // 2]
    labels = evidence["held_out_labels"][rows].astype(np.int64)
    real = evidence["held_out_pictures"][rows]
    real = real[..., None] if real.ndim == 3 else real
    # Seeds above those of the page, so that nobody has seen these pictures there.
    latents = generator.draw(model, making_seed(number), len(rows))
    false = generator.make(model, latents, generator.one_hot(model, labels)).pictures
    order = rng.permutation(2 * len(rows))
    pictures = np.concatenate([real, false])[order]
    both = np.concatenate([labels, labels])[order]
    odds = generator.odds(model, pictures, generator.one_hot(model, both))
    return Quiz(pictures, both, order < len(rows), odds)


def making_seed(number: int) -> int:
    """The seed of a quiz's made pictures."""
    return 1_000_000 + number


@st.fragment
def show(model: Model) -> None:
    """Draw it; only this part of the page runs again when an answer is given."""
    with guard.in_place():
        _draw(model, choices.number("quiz", 1, ROUNDS, 1))


def _draw(model: Model, number: int) -> None:
    quiz = made(model, number)
    key = f"quiz_{model.card.name}_{number}"
    given: list[bool] = st.session_state.setdefault(key, [])
    told = quiz.odds > 0
    n = len(given)
    st.markdown(
        f"**Real or made?** Quiz {number}: {PICTURES // 2} real pictures that it never trained on "
        f"and {PICTURES // 2} made ones, mixed. The discriminator answers the same ones."
    )
    st.progress(n / PICTURES, f"{n} of {PICTURES} answered")
    if n < PICTURES:
        _ask(model, quiz, key, n)
    if n:
        _score(quiz, given, told)
    if n == PICTURES:
        _all(model, quiz, given, told)
    st.button(
        "Another twenty",
        key="quiz_next",
        icon=":material/refresh:",
        on_click=lambda: choices.put({"quiz": number % ROUNDS + 1}),
    )


def _ask(model: Model, quiz: Quiz, key: str, n: int) -> None:
    """One picture and two buttons."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.image(
            _shown(quiz, n),
            width=SIDE,
            alt=f"Picture {n + 1}: {_kind(model, quiz, n)}",
        )
        with st.container(width=240):
            st.markdown(f"Picture {n + 1}: {_kind(model, quiz, n)}")
            for real, words in ((True, "A real one"), (False, "The network made it")):
                st.button(
                    words,
                    key=f"quiz_{SAYS[real]}",
                    on_click=_answer,
                    args=(key, n, real),
                    width="stretch",
                )


def _answer(key: str, n: int, real: bool) -> None:
    """A click that came twice counts once."""
    given: list[bool] = st.session_state.setdefault(key, [])
    if len(given) == n:
        given.append(real)


def _score(quiz: Quiz, given: list[bool], told: np.ndarray) -> None:
    """What the last one was, and the score so far."""
    n = len(given)
    truth = SAYS[bool(quiz.real[n - 1])]
    share = float(generator.real(quiz.odds[n - 1]))
    mark = "Right" if given[-1] == quiz.real[n - 1] else "No"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.image(_shown(quiz, n - 1), width=LAST, alt=f"The last: {truth}")
        st.markdown(
            f"{mark}: picture {n} was **{truth}**. The discriminator said "
            f"{SAYS[bool(told[n - 1])]} ({share:.0%} real).",
            width="stretch",
        )
    you, it = (int((np.array(answers) == quiz.real[:n]).sum()) for answers in (given, told[:n]))
    st.markdown(f"#### You {you} of {n}, the discriminator {it} of {n}")


def _all(model: Model, quiz: Quiz, given: list[bool], told: np.ndarray) -> None:
    """Every picture with what it was and what was said of it."""
    st.caption(
        "Twenty are few: who only guesses gets between 6 and 14 right in 96 of 100 such quizzes. "
        f"On {model.card.metric('real_or_made_accuracy', 'test').n:,} pictures the discriminator "
        f"was right in {model.card.metric('real_or_made_accuracy', 'test').value:.0%}."
    )
    captions = [
        f"{'✓' if real == mine else '✗'} {SAYS[bool(real)]}; you: {SAYS[bool(mine)]}; "
        f"it: {SAYS[bool(its)]}"
        for real, mine, its in zip(quiz.real, given, told, strict=True)
    ]
    st.image(
        [_shown(quiz, i) for i in range(PICTURES)],
        width=96,
        caption=captions,
        alt=[f"{_kind(model, quiz, i)}, {captions[i]}" for i in range(PICTURES)],
    )


def _shown(quiz: Quiz, i: int) -> str:
    """Without notes in the file, which would give the answer away."""
    picture = quiz.pictures[i]
    flat = picture[..., 0] if picture.shape[-1] == 1 else picture
    return inline.exact(files.enlarged(flat))


def _kind(model: Model, quiz: Quiz, i: int) -> str:
    return str(model.card.labels[quiz.labels[i]])
