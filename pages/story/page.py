"""The story: what deep learning is, in five minutes. Every claim is a small demo, every figure is
read from a card."""

import streamlit as st

from models import catalog
from models.explain import methods
from pages import menu
from pages.parts.draw import charts, measures
from pages.parts.job import guard
from pages.parts.sections import results
from pages.parts.source import picture, samples
from pages.parts.source.picture import Place
from pages.parts.state import ours
from pages.story import lines
from pages.story.lessons import LESSONS
from pages.story.lines import PAGE, READ, SCAN, Looked

PHOTOS = {name: samples.PHOTOS[name] for name in ("Cat", "Dogs", "Coffee")}
# Measured in both precisions on the same pictures: the figure, and of what.
SMALLER = {
    "image_recognition": ("top1", "photos that the network may have been trained on"),
    "fashion": ("accuracy", "validation"),
}
VISIBLE = {entry.name: entry for entry in menu.visible()}


def to(name: str, label: str, **query: str) -> None:
    """A way into a room, in the state that was spoken of; nothing where this host hides it."""
    if name in VISIBLE:
        icon = ":material/arrow_forward:"
        st.page_link(VISIBLE[name].file, label=label, icon=icon, query_params=query)


st.title("What is deep learning?", anchor=False)
st.markdown(
    "Five minutes, and nothing to believe: whatever is claimed below, a network of this house does "
    "it while you read."
)

with st.container(width=READ):
    st.subheader("From rules to examples", anchor=False)
    st.markdown(
        "How does a machine tell a dress from a shirt? At first people wrote **rules**: longer "
        "than wide, open at the bottom. Rules can be read, and break at the first odd dress. "
        "**Machine learning** turns it round: show many pictures with their names, and let the "
        "machine find the weights itself. With one weight for each pixel that goes only so far. "
        "**Deep learning** puts layers upon layers of such weights, and lets all of them learn at "
        "once."
    )
    lines.show("fashion", lines.cloth)
    to("fashion", "Turn the dress, and ask all of them again", sample="Drawn dress")

    st.subheader("From edges to a cat", anchor=False)
    st.markdown(
        "Nobody tells a layer what to look for. Trained on photos and their names alone, the first "
        "layers come to answer to edges, those on top of them to what edges make together, and the "
        "last ones to eyes, ears and wheels. Look at what some of them see in this picture, or in "
        "one of yours."
    )
    seen: Looked | None = None
    with guard.in_place():
        vision = guard.model("image_recognition")
        given, _ = picture.draw(Place(PAGE, PHOTOS, {}, key="picture", many=False))
        seen = ours.kept(given.public(vision.release, PAGE), lambda: lines.looked(vision, given))
        for said, (strip, alt) in seen.rungs.items():
            st.image(strip, width="stretch", caption=said, alt=alt)
        st.markdown(f"And from what the last ones see: **{results.sentence(seen.answer)}**")
    to("image_recognition", "Take one of these detectors away, and ask again", part="Why")

    st.subheader("Four kinds of networks", anchor=False)
    st.markdown(
        "**Convolutional** networks slide the same small filters over the whole picture: a cat is "
        "a cat wherever it sits. They name what is in a photo, and tell faces apart."
    )
    to("face_recognition", "Compare two faces")
    st.markdown(
        "**Recurrent** networks read one thing after another and keep in mind what they may need: "
        "words, speech, music. This one goes on with a line of yours:"
    )
    lines.show("text_prediction", lines.recurrent)
    to("text_prediction", "Write with it")
    to("speech", "Say a digit to one that reads sound", part="Digits")
    st.markdown(
        "**Adversarial** networks are two that learn against each other: one makes pictures, the "
        "other tries to tell them from real ones. None of these clothes ever was:"
    )
    lines.show("fashion_generator", lines.adversarial)
    to("image_generation", "Make some, and blend them")
    st.markdown(
        "**Autoencoders** squeeze what they get through a few numbers and write it out again. "
        "What they know comes out well; what is unlike anything they know does not:"
    )
    lines.show("network_intrusion", lines.autoencoder)
    to("network_intrusion", "See which columns gave it away", sample=SCAN)

    st.subheader("Where it works already", anchor=False)
    st.markdown(
        "In phones that finish our sentences and write down what we say, in the bank that stops a "
        "stolen card, in factories that look for scratches and listen for worn bearings, in shops "
        "that read what is said of them. Each of these is a room here."
    )
    to("speech", "Speak, and read what was heard")
    to("sentiment", "Reviews that are read by the thousand")
    to("card_fraud", "A payment that is none")
    to("machine_health", "A machine that falls ill")
    to("visual_inspection", "A part with a scratch")

    st.subheader("Why it matters: it goes on learning", anchor=False)
    st.markdown(
        "Rules are as good on the first day as on the last. What learns gets better with what it "
        "sees, and layers go on getting better where simpler ways stop. Measured here, on pictures "
        "that none of them had learned from:"
    )
    with guard.in_place():
        charts.show(measures.amounts(guard.model("fashion").card.tables["amounts"]), key="amounts")
    to("fashion", "Watch it learn, step by step", part="How it learned")

    st.subheader("Its two weaknesses", anchor=False)
    st.markdown(
        "**It is hungry**, for examples and for computing. These are the trainings behind this "
        "house, and they are tiny ones: two cores of one computer, where others take thousands of "
        "graphics cards for months. Where the weights were imported, the minutes are those of "
        "measuring alone."
    )
    cards = [guard.model(name).card for name in catalog.NAMES]
    st.table(
        [
            {
                "network": card.title,
                "minutes": f"{card.training.minutes:.0f}",
                "on": card.training.hardware,
                "weights": "imported" if card.weights else "learned here",
            }
            for card in cards
        ]
    )
    st.markdown(
        "**It is a black box.** Millions of numbers hold what it learned, and none of them says "
        "why. Maps like these promise to tell. One of the two has never looked at the network: it "
        "only draws the edges of the picture, and looks convincing all the same."
    )
    if seen is not None:
        st.image(
            seen.maps,
            width="stretch",
            alt="The picture, a map of its edges, and a map of where the network looked",
        )
        table = vision.card.tables["methods"]
        alike = float(methods.measured(vision.card)["Grad-CAM"]["all random"] or 0)
        st.markdown(
            "There is a test. Make all weights of the network random, so that it knows nothing any "
            "more, and draw the map anew. The edges (in the middle) stay as they are: alike by "
            "**1.00**, whatever the network. The network's own map (right) is another one: alike "
            f"by **{abs(alike):.2f}**, the mean of {table.n} pictures. What does not change with "
            "the network says nothing of it."
        )
    to("explainability", "Put seven ways to explain to that test")

    st.subheader("What comes next", anchor=False)
    st.markdown(
        "To explain, not only to answer: that is what this house is about. And to do more with "
        "less: most weights need not be exact. Rounded to 256 steps, these networks are a quarter "
        "as large, and hardly anything is lost:"
    )
    rows = []
    for name, (metric, split) in SMALLER.items():
        card = guard.model(name).card
        for precision in ("fp32", "int8"):
            figure = card.metric(metric, split, precision)
            rows.append(
                {
                    "network": card.title,
                    "weights": "exact (fp32)" if precision == "fp32" else "rounded (int8)",
                    "MB": f"{card.graph('predict', precision).bytes / 1e6:.1f}",
                    "right": f"{figure.value:.1%} of {figure.n:,}",
                }
            )
    st.table(rows)
    to("model_cards", "Everything that was measured")

    st.subheader("For a class: three lessons of twenty minutes", anchor=False)
    for lesson in LESSONS:
        with st.expander(lesson.title, icon=":material/school:"):
            st.markdown(lesson.about)
            for number, step in enumerate(lesson.steps, 1):
                st.markdown(f"**{number}. {step.minutes} minutes.** {step.text}")
                to(step.page, step.link, **step.state)
            st.markdown("**To talk about:** " + " ".join(lesson.questions))
