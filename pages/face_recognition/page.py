"""Face recognition: are these two one person, who of some people is in a photo, and how sure."""

import streamlit as st

from pages.face_recognition import faces, find, verify, why
from pages.face_recognition import trust as face_trust
from pages.parts.job import guard
from pages.parts.sections import take, teach, trust
from pages.parts.sections.teach import Experiment
from pages.parts.state import address

PAGE = "face_recognition"
MODES = VERIFY, FIND = ("Are these two one person?", "Who is in this photo?")
# What a link restores, and what it is where nobody chose.
CHOICES = {"mode": VERIFY, "part": "", "precision": ""}
CHOICES |= {"one_face": "1", "other_face": "1", "photo_face": "", "ours": True}
CODE = """\
from models import catalog, decode
from models.face_detection import detect
from models.face_recognition import align, distance, embed
pictures = [decode.picture(open(name, "rb").read()).pixels for name in ("one.jpg", "other.jpg")]
found = [detect(catalog.load("face_detection"), pixels) for pixels in pictures]
crops = [align.align(there.picture, there.faces[0].points) for there in found]
print(distance(*embed(catalog.load("face_recognition"), crops)[0]))
"""
EXPERIMENTS = (
    Experiment(
        "Look for a stranger.",
        "Two people who never met: how far apart do their faces lie, and how far from the line?",
        {"mode": VERIFY, "one": "Collins", "other": "Hopper 1984"},
    ),
    Experiment(
        "Find two of thirteen.",
        "Four people are enrolled; the photo shows thirteen, one half hidden. Who is found?",
        {"mode": FIND, "photo": "Group 2011", "ours": True},
    ),
    Experiment(
        "Make one face worse.",
        "Dim it, blur it, tilt it, shrink it: at which point does the network lose the person?",
        {"mode": VERIFY, "one": "Obama 2010", "other": "Obama 2009", "part": "Why"},
    ),
)
KIND = (
    "Two **convolutional networks** in a row. The first, three small ones of which each looks only "
    "where the one before saw something, finds faces and five points in each. The second, a "
    "**residual network** of 29 layers, turns an aligned face into 128 numbers; it learned, from "
    "three million faces, to put pictures of one person near to each other and others apart. It "
    "knows no names: two faces are one person's where their numbers are near."
)


st.title("Whose face is this?", anchor=False)
st.markdown("Compare two photos, or find people whom you enrol. Ours are there to start with.")

faces.uphold()
with guard.one_sentence():
    detection, model = guard.model("face_detection"), guard.model(PAGE)
    precision = trust.precision(model)
address.restore("mode", MODES)
mode = st.segmented_control(
    "What to do",
    MODES,
    default=MODES[0],
    required=True,
    key="mode",
    bind="query-params",
    label_visibility="collapsed",
)
pair, search, run = None, None, None
with guard.one_sentence():
    if mode == MODES[0]:
        pair = verify.show(detection, model, precision)
        seen, run = ([pair.one, pair.other], pair.run) if pair else ([], None)
        samples = {key: st.session_state[key] for _, key, _ in verify.SIDES}
    else:
        search = find.show(detection, model)
        seen, run = [], search.run
        samples = {find.PLACE: search.given.sample}
limit = verify.asked_threshold(model)

why_tab, trust_tab, take_tab = st.tabs(
    ["Why", "Trust", "Take"], key="part", on_change="rerun", bind="query-params"
)
if why_tab.open:
    with why_tab, guard.in_place():
        if search:
            find.why(search, limit)
        elif pair:
            why.show(detection, model, pair, limit)
if trust_tab.open:
    with trust_tab, guard.in_place():
        face_trust.show(model, seen, limit)
        if mode == VERIFY:
            trust.precision_choice(model)
        if run:
            trust.this_run(model, run)
        trust.measured(model.card)
        st.markdown("**And the network that finds the faces**")
        trust.figures_of(detection.card)
        trust.limits(detection.card)
if take_tab.open:
    with take_tab, guard.in_place():
        take.link(samples, CHOICES | {"threshold": verify.usual(model)})
        take.files(detection, "The networks that find faces")
        take.files(model, "The network that compares them")
        take.snippet(CODE, "in a copy of Glassbox")
        take.again(detection, "Make the first again")
        take.again(model, "Make the second again, after it")

teach.experiments(PAGE, EXPERIMENTS, CHOICES | {"threshold": verify.usual(model)})
teach.kind(model, KIND)
