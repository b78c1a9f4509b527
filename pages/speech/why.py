"""Why: where in the sound a word came from, and whether it survives when only that is heard."""

import streamlit as st

from models.catalog import Model
from models.decode.sound import Wave
from models.speech import RATE, listening, silence, writing
from models.speech.silence import Asked
from models.speech.words import Heard, Word
from pages.parts.draw import charts
from pages.parts.draw.figures import bars
from pages.parts.draw.words import plain
from pages.parts.job import later
from pages.parts.job.later import Tell
from pages.parts.state import choices
from pages.parts.state.held import held as kept_for
from pages.parts.state.ours import Findings
from pages.speech import figures, given
from pages.speech.answer import PAGE, Answer
from pages.speech.given import Given

BESIDE = 0.08  # seconds beside a word that are played with it
CHART = f"{PAGE}_words"
OTHERS = 4  # words that it would have written instead


def show(model: Model, sound: Given, held: Answer) -> None:
    """All of it, for the chosen word. Raises what `engine.infer` raises."""
    heard = held.heard
    if not heard.words or held.windows is None:
        st.caption("Nobody speaks here that it hears, so there is no word to explain.")
        return
    st.markdown("**Where does each word come from?** Click one, or choose it below.")
    place = st.container()
    number = choices.slide("Word number", 1, len(heard.words), 1, key="word")
    word = heard.words[number - 1]
    with place:
        _picture(sound, heard, word, number - 1)
    wave = sound.sound.wave[held.windows[word.part]]
    findings = _findings(model, sound, heard.text)
    start = max(0, round((word.start - BESIDE) * RATE))
    end = round((word.end + BESIDE) * RATE)
    st.markdown(
        f"Word {number}, **{plain(word.text)}**: {word.probability:.0%} sure, "
        f"{word.start:.2f} to {word.end:.2f} seconds."
    )
    listens, others = st.columns(2, gap="large")
    with listens:
        given.player(sound.sound.wave[start:end], "Its piece of the sound")
        _used(model, findings, wave, heard, word)
    with others:
        _instead(model, findings, wave, heard, word)


def _findings(model: Model, sound: Given, text: str) -> Findings:
    """What is found out about the sound that the page is about, while it is the one."""
    public = sound.public("why", model.release)
    return kept_for(f"{PAGE}_findings", (sound.key, text), lambda: Findings(public))


def _picture(sound: Given, heard: Heard, word: Word, number: int) -> None:
    drawn = figures.sound(
        sound.sound.wave, heard.words, number, heard.used(word), heard.offsets[word.part]
    )
    charts.show(drawn, CHART, _clicked)
    st.caption(
        "Above: how loud each pitch is, and the words where they begin. Below: how much the "
        "network attended to each moment while it wrote the orange word, mean of the eight of its "
        "24 heads that follow the sound."
    )


def _clicked() -> None:
    points = st.session_state[CHART].selection.points
    if points:
        chosen = points[0]["customdata"]
        choices.put({"word": int(chosen[0] if isinstance(chosen, list) else chosen)})


def _used(model: Model, findings: Findings, wave: Wave, heard: Heard, word: Word) -> None:
    """Listen to what it used. wave: of the word's window."""
    what = ("used", word.part, word.tokens.start)
    asked: Asked | None = later.found(
        findings, what, "What it used comes", lambda tell: _ask(model, wave, heard, word, tell)
    )
    if asked is None:
        return
    given.player(
        silence.faded(wave, asked.kept),
        f"Listen to what it used: {asked.seconds:.2f} seconds, all else silenced",
    )
    named = ("all of the sound", "only what it used", "all but that", "no sound at all")
    charts.show(
        bars(named, (asked.whole, asked.used, asked.without, asked.nothing)), key=f"{PAGE}_used"
    )
    lives = "survives" if asked.survives else "does not survive"
    guess = (
        " It was guessed from the words before it as much as heard." if asked.nothing >= 0.5 else ""
    )
    st.caption(
        f"How likely the word is after the words before it, by what is heard. On what it used "
        f"alone it **{lives}**.{guess} Heard with nothing before it, that piece is written as "
        f"“{plain(asked.text) or 'nothing'}”."
    )


def _ask(model: Model, wave: Wave, heard: Heard, word: Word, tell: Tell) -> Asked:
    tell("Silencing all else")(0, 1)
    return silence.ask(model, wave, heard, word)


def _instead(model: Model, findings: Findings, wave: Wave, heard: Heard, word: Word) -> None:
    """What it would have written in the place of the word."""
    what = ("instead", word.part, word.tokens.start)
    found: list[tuple[str, float]] | None = later.found(
        findings,
        what,
        "What it would have written instead comes",
        lambda tell: _others(model, wave, heard, word, tell),
    )
    if found is None:
        return
    st.caption("What it would have written instead, by how likely each begins")
    charts.show(bars([text for text, _ in found], [p for _, p in found]), key=f"{PAGE}_instead")


def _others(
    model: Model, wave: Wave, heard: Heard, word: Word, tell: Tell
) -> list[tuple[str, float]]:
    """Words and how likely their first token is, likeliest first."""
    tell("Writing on from each")(0, 1)
    tokens, known = heard.tokens[word.part], writing.vocabulary(model)
    first = tokens[word.tokens.start]
    rivals = [pair for pair in first.rivals if pair[0] != known.end][: OTHERS + 1]
    before = [token.id for token in tokens[: word.tokens.start]]
    listened = listening.listen(model, wave)
    ways = writing.instead(model, listened, before, [one for one, _ in rivals])
    texts = [known.text(ids).strip() or "(a space)" for ids in ways]
    # Two beginnings may become one word: bars are told apart by their names.
    found: dict[str, float] = {}
    for text, (_, share) in zip(texts, rivals, strict=True):
        found[text] = found.get(text, 0.0) + share
    return [*found.items()]
