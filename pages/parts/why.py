"""Why: where the answer came from, by two methods, and what happens when that place is erased."""

import streamlit as st

from models.catalog import Model
from models.errors import GlassboxError
from models.explain import Heat, Pixels, agreement, erase
from models.explain.cam import grad_cam
from models.explain.occlusion import occlusion
from pages.parts import address, charts, figures, pictures

FIRST = "its first answer"  # what is explained until the visitor asks for another class
SHARE = 0.25  # of the picture that is erased to test a map
BLURBS = {
    "Grad-CAM": "Each place's evidence for this class, read from inside the network.",
    "Occlusion": "How far the class falls when each patch is covered, seen from outside.",
}


def target(labels: tuple[str, ...], likeliest: list[int]) -> int:
    """Which class to explain: the first answer, or any other; kept in the address."""
    rest = [i for i in range(len(labels)) if i not in set(likeliest)]
    options = [FIRST, *(labels[i] for i in (*likeliest, *rest))]
    address.restore("class", options)
    chosen = st.selectbox(
        "Explain",
        options,
        key="class",
        bind="query-params",
        help="Any of the model's classes, not only those that it named.",
    )
    return likeliest[0] if chosen == FIRST else labels.index(chosen)


def maps(model: Model, image: Pixels, chosen: int, label: str) -> None:
    """Both maps side by side, how far they agree, and the test by erasing."""
    bar = st.progress(0.0, "Covering patches …")
    try:
        heats = {
            "Grad-CAM": grad_cam(model, image, chosen),
            "Occlusion": occlusion(
                model,
                image,
                chosen,
                progress=lambda done, total: bar.progress(done / total, "Covering patches …"),
            ),
        }
        values = {name: heat.values for name, heat in heats.items()}
        test = erase.by_erasing(model, image, chosen, values, SHARE)
    except GlassboxError as error:
        bar.empty()
        st.error(str(error), icon=":material/error:")
        return
    bar.empty()
    *places, last = st.columns(len(heats) + 1, gap="medium")
    for place, (name, heat) in zip(places, heats.items(), strict=True):
        with place:
            _map(name, heat, image, label)
    with last:
        _belief(test, agreement(*heats.values()), label)


def _map(name: str, heat: Heat, image: Pixels, label: str) -> None:
    shown = pictures.overlay(image, heat.values)
    flat = heat.values.max() - heat.values.min() < 1e-9
    st.markdown(f"**{name}** for “{label}”")
    st.image(shown, width="stretch", alt=f"{name} for {label}: {_where(heat)}.")
    passes = f"{heat.passes} pass{'es' if heat.passes > 1 else ''}"
    st.caption(f"{BLURBS[name]} {passes}, {heat.seconds * 1000:.0f} ms.")
    if flat:
        st.caption("The map is empty: nothing in this picture speaks for this class.")


def _where(heat: Heat) -> str:
    """The hottest place in words, for those who cannot see the map."""
    height, width = heat.values.shape
    row, column = divmod(int(heat.values.argmax()), width)
    down = ("top", "middle", "bottom")[min(2, 3 * row // height)]
    across = ("left", "centre", "right")[min(2, 3 * column // width)]
    return f"hottest at the {down} {across}"


def _belief(test: erase.Erasing, agree: float, label: str) -> None:
    """Which map to believe: the one whose erasing hurts more than erasing at random."""
    st.markdown(f"**Which map to believe?** Erase the hottest {SHARE:.0%} and ask again.")
    shares = {"nothing": test.whole, **test.after, "random places": float(test.at_random.mean())}
    drawn = figures.bars(list(shares), list(shares.values()), f"“{label}” after erasing")
    charts.show(drawn, key="belief")
    best = test.believed()
    words = (
        f"{best} found what “{label}” rests on: erasing its place hurts more than all "
        f"{len(test.at_random)} random tries."
        if best
        else f"Neither hurts more than all {len(test.at_random)} random tries, so do not read much "
        f"into either map of “{label}”."
    )
    st.caption(f"{words} The maps' rank correlation is {agree:.2f} (1: the same order).")
