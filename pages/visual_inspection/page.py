"""Visual inspection: is this part like the good ones, and if not, where?"""

from functools import partial

import streamlit as st

from models.visual_inspection import FEWEST, inspect, preprocess
from pages.parts.anomaly import dial
from pages.parts.anomaly import trust as anomaly_trust
from pages.parts.draw import inline, kinds
from pages.parts.job import guard
from pages.parts.sections import tabs, take, teach, trust
from pages.parts.state import ours
from pages.visual_inspection import batch, show
from pages.visual_inspection import given as inspect_given
from pages.visual_inspection.about import ABOUT
from pages.visual_inspection.samples import SHEETS

st.title("Is this part like the good ones?", anchor=False)
st.markdown(
    "Take one of our parts, or give a few pictures of good ones and one to inspect: what is unlike "
    "all good ones lights up. Nothing is trained."
)

with guard.one_sentence():
    model = guard.model(ABOUT.name)
    turned = show.dial_of(model)
threshold = dial.threshold(turned)

asked, said = st.columns([4, 7], gap="large")
given = picture = finding = run = kept = None
with asked, guard.in_place():
    given = inspect_given.choose()
    if good := given.good:
        of = f": {SHEETS[given.sample].about}" if given.sample else ""
        st.image(
            ours.kept(given.public("strip"), lambda: inline.photo(show.strip(good))),
            caption=f"{len(good)} good pictures{of}",
            alt=f"{len(good)} pictures of good parts{of}",
        )
if given is not None:
    with said, guard.in_place():
        if len(given.good) >= FEWEST:
            kept = inspect_given.memory(model, given)
            show.copies(kept)
        if hint := inspect_given.missing(given):
            st.info(hint, icon=":material/add_photo_alternate:")
        elif kept is not None:
            index = inspect_given.which(given)
            picture = inspect_given.shown(given, index)
            key = given.public("finding", model.release, index)
            (finding,), run = ours.kept(key, partial(inspect, model, kept, [picture]))
            show.verdict(finding, threshold)
            show.heat(given, index, picture, finding, turned)
if given is not None and kept is not None and given.sample is None and len(given.names) > 1:
    memory = kept
    with guard.in_place():
        batch.table(given, lambda one: inspect(model, memory, [one])[0][0], threshold)
with st.expander("Turn the dial: how odd is too odd?", icon=":material/tune:"):
    dial.draw(turned, here=None if finding is None else finding.score, follow=True)
st.caption(
    "Every picture is reduced to 224 x 224, whatever its size or shape. What you give stays in "
    "this server's memory for your visit."
)

with tabs.opened("Why", "Trust", "Take") as part:
    if part == "Why":
        if given is None or picture is None or finding is None or kept is None:
            st.caption("Give good pictures and one to inspect to see where it differs.")
        else:
            show.why(given, picture, finding, kept)
    elif part == "Trust":
        anomaly_trust.curves(turned, threshold)
        st.markdown(
            "**Texture by texture**: AUROC, the mean of ten seeds, beside others on the same "
            "pictures. What was chosen was chosen on other textures, all drawn."
        )
        anomaly_trust.table(model.card.tables["textures"], "AUROC on each texture")
        if run is not None:
            trust.this_run(model, run)
        trust.measured(model.card)
    elif part == "Take":
        if given is not None:
            take.link(sample=given.sample)
        take.whole(ABOUT, model)

teach.experiments(ABOUT)
teach.kind(
    model,
    ABOUT,
    lambda: None if picture is None else kinds.convolution(model, preprocess(picture)),
)
