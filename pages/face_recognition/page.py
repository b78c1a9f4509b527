"""Face recognition: are these two one person, who of some people is in a photo, and how sure."""

import streamlit as st

from pages.face_recognition import faces, find, verify, why
from pages.face_recognition import trust as face_trust
from pages.face_recognition.about import ABOUT, MODES, VERIFY
from pages.parts.draw import kinds
from pages.parts.job import guard
from pages.parts.sections import tabs, take, teach, trust
from pages.parts.state import choices

st.title("Whose face is this?", anchor=False)
st.markdown("Compare two photos, or look for people in a group. Ours are there to start with.")

faces.uphold()
with guard.one_sentence():
    detection, model = guard.model("face_detection"), guard.model(ABOUT.name)
    precision = trust.precision(model)
mode = choices.pick(
    st.segmented_control, "What to do", MODES, key="mode", label_visibility="collapsed"
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

with tabs.opened("Why", "Trust", "Take") as part:
    if part == "Why":
        if search:
            find.why(search, limit)
        elif pair:
            why.show(detection, model, pair, limit)
    elif part == "Trust":
        face_trust.show(model, seen, limit)
        if mode == VERIFY:
            trust.precision_choice(model)
        if run:
            trust.this_run(model, run)
        trust.measured(model.card)
        st.markdown("**And the network that finds the faces**")
        trust.figures_of(detection.card)
        trust.limits(detection.card)
    elif part == "Take":
        take.link(**samples)
        take.files(detection, "The networks that find faces")
        take.files(model, "The network that compares them")
        take.snippet(ABOUT.code, ABOUT.where)
        take.again(detection, "Make the first again")
        take.again(model, "Make the second again, after it")

teach.experiments(ABOUT)
teach.kind(
    model,
    ABOUT,
    lambda: kinds.convolution(model, seen[0].crop, "a face") if seen else None,
)
