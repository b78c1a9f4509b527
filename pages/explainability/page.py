"""Explainability: several ways to explain one answer, and which of them to believe."""

import streamlit as st

from models.explain import members
from models.explain.methods import METHODS
from pages.explainability import compare, remove, report
from pages.explainability.about import ABOUT, RESET
from pages.parts.draw import kinds
from pages.parts.explain import explained, why
from pages.parts.job import guard
from pages.parts.sections import onward, results, tabs, take, teach, trust
from pages.parts.sections.classifiers import CLASSIFIERS
from pages.parts.source import picture
from pages.parts.state import choices, ours

PARTS = ("Why", "Remove", "This, not that", "Change its mind", "Trust", "Take")
MAPLESS = ("Change its mind", "Trust")  # of those, the ones that show no map

st.title("Why did it say that?", anchor=False)
st.markdown(
    "Pick a picture and see what made the network answer, by several methods. Below each map: "
    "whether to believe it."
)


def other_network() -> None:
    """Classes of one network mean nothing to the other."""
    choices.fresh(RESET)


network = choices.pick(
    st.segmented_control, "Network", [*CLASSIFIERS], key="network", on_change=other_network
)
kind = CLASSIFIERS[network]
with guard.one_sentence():
    model = guard.model(kind.model)

asked, said = st.columns([5, 6], gap="large")
with asked, guard.one_sentence():
    given, _ = picture.of_page(ABOUT.name, kind.samples, RESET, many=False)
image = ours.kept(given.public(model.release, "image"), lambda: kind.image(given.picture))
besides = explained.besides(given, explained=choices.one("part", PARTS) not in MAPLESS)
with said, guard.one_sentence():
    answer, run = ours.kept(given.public(model.release), lambda: kind.answer(model, image, besides))
    below = results.SQUARE if kind.seen < 1 else None
    results.said(given.shown(results.WIDTH, kind.seen), given.alt, kind.words(answer), below)

    likeliest = [guess.index for guess in answer.top(5)]
    target = why.target(answer)
    default = [*dict.fromkeys((*why.two(model.card), "Integrated gradients"))]
    choices.note(methods=default)
    chosen = st.pills(
        "Ways to explain it",
        [*METHODS],
        selection_mode="multi",
        default=default,
        key="methods",
        bind="query-params",
        wrap=True,
    )
    onward.to(ABOUT.name, kind.model, "**All that it says of this picture**", given)
case = explained.of(ABOUT.name, model, image, target, answer, run=run, own=given.own)
with tabs.opened(*PARTS) as part:
    names: list[str] = []
    with guard.in_place():
        needed = part not in MAPLESS
        names = explained.make(case, chosen) if needed else []
        if needed and not chosen:
            st.info("Choose at least one way to explain it.")
    if part == "Why" and names:
        compare.grid(case, names)
    elif part == "Remove" and names:
        remove.in_order(case, compare.method(chosen))
    elif part == "This, not that" and names:
        compare.versus(case, chosen, likeliest)
    elif part == "Change its mind":
        remove.mind(case)
    elif part == "Trust":
        trust.methods(model.card)
        trust.this_run(model, run)
        trust.limits(model.card)
    elif part == "Take":
        take.link(sample=given.sample)
        if names:
            by = compare.method(chosen)
            take.result(given, case, by, kind.words(answer))
            take.map_files(case, by)
            if all(explained.measured(case, name) for name in chosen):
                take.report(lambda: report.page(case, answer, names))
        take.files(model)
        one = next(i for i in (*likeliest, *members(target)) if i in members(target))
        take.snippet(kind.code(len(answer.labels), one, answer.labels[one]))
        take.again(model)

teach.experiments(ABOUT)
teach.kind(model, ABOUT, lambda: kinds.convolution(model, image))
