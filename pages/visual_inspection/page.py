"""Visual inspection: is this part like the good ones, and if not, where?"""

import streamlit as st

from models.errors import InputError
from models.visual_inspection import inspect
from pages.parts.anomaly import dial
from pages.parts.anomaly import trust as anomaly_trust
from pages.parts.draw import inline
from pages.parts.job import guard
from pages.parts.sections import take, teach, trust
from pages.parts.sections.teach import Experiment
from pages.parts.state import ours
from pages.visual_inspection import given as inspect_given
from pages.visual_inspection import many, show
from pages.visual_inspection.samples import SHEETS

PAGE = "visual_inspection"
CODE = """\
from models import catalog, decode
from models.visual_inspection import inspect, remember
model = catalog.load("visual_inspection")
read = lambda name: decode.picture(open(name, "rb").read()).pixels
memory = remember(model, [read(f"good-{i}.jpg") for i in range(1, 13)])
findings, run = inspect(model, memory, [read("part.jpg")])
print(findings[0].score, findings[0].heat.shape)
"""
EXPERIMENTS = (
    Experiment(
        "A good one stays dark.",
        "The first washer is good and lies in another place than all that are remembered. Does the "
        "map mind? Then look at number 3.",
        {"sample": "Metal washer", "which": "1", "part": ""},
    ),
    Experiment(
        "Nobody told it what a stain is.",
        "The network learned cats and coffee cups. See under *Why* which good ones come nearest to "
        "the odd place in cloth.",
        {"sample": "Cloth", "which": "3", "part": "Why"},
    ),
    Experiment(
        "How many good parts may be thrown away?",
        "Turn the dial down until no flaw is missed. What does that cost a day?",
        {"sample": "Brick wall", "which": "4", "part": "Trust"},
    ),
)
KIND = (
    "A **convolutional network** of which only the lowest layers are used, as they were learned "
    "for *Image recognition*; beside them stand the plain means and deviations of colours. Nothing "
    "is trained here: a **memory** keeps a thousand patches of the good pictures at each depth, "
    "chosen so that they cover all of them (PatchCore). How far a new patch is from the nearest of "
    "them is the heat."
)

st.title("Is this part like the good ones?", anchor=False)
st.markdown(
    "Take one of our parts, or give a few pictures of good ones and one to inspect: what is unlike "
    "all good ones lights up. Nothing is trained."
)

with guard.one_sentence():
    model = guard.model(PAGE)
    turned = show.dial_of(model)
threshold = dial.threshold(turned)

asked, said = st.columns([4, 7], gap="large")
given = picture = finding = run = kept = None
with asked, guard.in_place():
    given = inspect_given.choose()
    if given.good:
        of = f": {SHEETS[given.sample].about}" if given.sample else ""
        st.image(
            ours.kept(given.public("strip"), lambda: inline.photo(show.strip(given.good))),
            caption=f"{len(given.good)} good pictures{of}",
            alt=f"{len(given.good)} pictures of good parts{of}",
        )
if given is not None:
    with said, guard.in_place():
        kept = inspect_given.memory(model, given)
        show.copies(kept)
        if not given.names:
            raise InputError("Now give a picture to inspect.")
        index = inspect_given.which(given)
        picture = inspect_given.shown(given, index)
        (finding,), run = ours.kept(
            given.public("finding", model.release, index), lambda: inspect(model, kept, [picture])
        )
        show.verdict(finding, threshold)
        show.heat(given, index, picture, finding, threshold)
if given is not None and kept is not None and given.sample is None and len(given.names) > 1:
    with guard.in_place():
        many.table(given, lambda one: inspect(model, kept, [one])[0][0], threshold)
with st.expander("Turn the dial: how odd is too odd?", icon=":material/tune:"):
    dial.draw(turned, here=None if finding is None else finding.score, follow=True)
st.caption(
    "Every picture is reduced to 224 x 224, whatever its size or shape. What you give stays in "
    "this server's memory for your visit."
)

why_tab, trust_tab, take_tab = st.tabs(
    ["Why", "Trust", "Take"], key="part", on_change="rerun", bind="query-params"
)
if why_tab.open:
    with why_tab, guard.in_place():
        if given is None or picture is None or finding is None or kept is None:
            st.caption("Give good pictures and one to inspect to see where it differs.")
        else:
            show.why(given, picture, finding, kept)
if trust_tab.open:
    with trust_tab, guard.in_place():
        anomaly_trust.curves(turned, threshold)
        st.markdown(
            "**Texture by texture**: AUROC, the mean of ten seeds, beside others on the same "
            "pictures. What was chosen was chosen on other textures, all drawn."
        )
        anomaly_trust.table(model.card.tables["textures"], "AUROC on each texture")
        if run is not None:
            trust.this_run(model, run)
        trust.measured(model.card)
if take_tab.open:
    with take_tab, guard.in_place():
        if given is not None:
            take.link({"sample": given.sample}, {"which": "2", "part": "", **turned.defaults})
        take.files(model)
        take.snippet(CODE, "in a copy of Glassbox, with your own pictures")
        take.again(model)

teach.experiments(PAGE, EXPERIMENTS, {"which": "2", **turned.defaults})
teach.kind(model, KIND)
