"""The story: what deep learning is, in five minutes. Every claim is a small demo, every figure is
read from a card."""

import streamlit as st

from models import catalog
from models.card import Card
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


def hungry(cards: list[Card]) -> str:
    """What the trainings here took, in words."""
    own = [card for card in cards if not card.weights]
    longest = max(own, key=lambda card: card.training.minutes)
    hours = sum(card.training.minutes for card in own) / 60
    return (
        f"The {len(own)} networks that learned here took {hours:.0f} hours together, the longest "
        f"({longest.title}) {longest.training.minutes:.0f} minutes, all on two cores of one "
        "computer. They are tiny: others take thousands of graphics cards for months."
    )


st.title("What is deep learning?", anchor=False)
st.markdown(
    "Five minutes, and nothing to take on trust: whatever is claimed below, one of our networks "
    "does before your eyes."
)

with st.container(width=READ):
    st.subheader("From rules to examples", anchor=False)
    st.markdown(
        "How does a machine tell a dress from a shirt? At first people wrote **rules**: longer "
        "than wide, open at the bottom. Rules can be read, and break at the first odd dress. "
        "**Machine learning** turns it round: show many pictures with their names, and let the "
        "machine find the **weights** itself: how much each pixel counts for each name. With one "
        "weight for each pixel that goes only so far. "
        "**Deep learning** puts layers upon layers of such weights, and lets all of them learn at "
        "once."
    )
    lines.show("fashion", lines.cloth)
    to("fashion", "Turn the dress, and ask again", sample="Drawn dress", turn="30")

    st.subheader("From edges to a cat", anchor=False)
    st.markdown(
        "Nobody tells a layer what to look for. Trained on photos and their names alone, the first "
        "layers come to answer to edges, those on top of them to what edges make together, and the "
        "last ones to eyes, ears and wheels. Look at what some of them see in this picture, or in "
        "one of yours."
    )
    seen: Looked | None = None
    shown: dict[str, str] = {}
    with guard.in_place():
        vision = guard.model("image_recognition")
        given, _ = picture.draw(Place(PAGE, PHOTOS, {}, key="picture", many=False))
        seen = ours.kept(given.public(vision.release, PAGE), lambda: lines.looked(vision, given))
        for said, (strip, alt) in seen.rungs.items():
            st.image(strip, width="stretch", caption=f"{said}: bright where it answers.", alt=alt)
        st.markdown(f"And from what the last ones see: **{results.sentence(seen.answer)}**")
        shown = {"sample": given.sample} if given.sample else {}
    to("image_recognition", "Take one of these detectors away, and ask again", part="Why", **shown)

    st.subheader("Four kinds of networks", anchor=False)
    st.markdown(
        "**Convolutional** networks slide the same small filters over the whole picture: a cat is "
        "a cat wherever it sits. They name what is in a photo, and tell faces apart."
    )
    to("face_recognition", "Compare two faces")
    st.markdown(
        "**Recurrent** networks read one thing after another and keep in mind what they may need: "
        "words, speech, music. This one goes on with a line:"
    )
    lines.show("text_prediction", lines.recurrent)
    to("text_prediction", "Type a line of your own")
    to("speech", "Say a digit to one that reads sound", part="Digits")
    st.markdown(
        "**Adversarial** networks are two that learn against each other: one makes pictures, the "
        "other tries to tell them from real ones. None of these clothes exist:"
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
        "that read what is said of them. Each of these can be tried here."
    )
    to("speech", "Speak, and read what was heard")
    to("text_prediction", "A keyboard that knows the next word")
    to("card_fraud", "A payment with a stolen card")
    to("visual_inspection", "A scratched part")
    to("machine_health", "A machine that begins to fail")
    to("sentiment", "Thousands of reviews, read at once")

    st.subheader("Why it matters: it goes on learning", anchor=False)
    st.markdown(
        "Rules are as good on the first day as on the last. What learns gets better with what it "
        "sees, and layers go on getting better where simpler ways stop. Measured here, on pictures "
        "that none of them had learned from:"
    )
    with guard.in_place():
        charts.show(measures.amounts(guard.model("fashion").card.tables["amounts"]), key="amounts")
    st.caption(
        "Logistic regression is the one weight a pixel of above; nearest neighbours looks for the "
        "most alike of all pictures that it remembers. Measured on other pictures than the table "
        "above, so the figures differ a little."
    )
    to("fashion", "Watch it learn, step by step", part="How it learned")

    st.subheader("Its two weaknesses", anchor=False)
    cards = [guard.model(name).card for name in catalog.NAMES]
    st.markdown(f"**It is hungry**, for examples and for computing. {hungry(cards)}")
    with st.expander("Every training, in minutes"):
        st.table(
            [
                {
                    "network": card.title,
                    "minutes": f"{card.training.minutes:.0f}",
                    "weights": "imported, only measured here" if card.weights else "learned here",
                }
                for card in cards
            ]
        )
    st.markdown(
        "**It is a black box.** Millions of numbers hold what it learned, and none of them says "
        "why. Maps promise to tell. Here are a picture and two of them. The first map has never "
        "looked at the network: it only draws edges, and looks convincing all the same. The second "
        "is the network's own."
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
            "more, and draw both maps again. The map of edges stays **exactly the same**: it says "
            "nothing of the network. The network's own map turns into another one, like the former "
            f"by **{abs(alike):.2f}** where 1 is the same (mean of {table.n} pictures): it shows "
            "what was learned."
        )
    to("explainability", "See which of seven ways to explain pass that test")

    st.subheader("What comes next", anchor=False)
    st.markdown(
        "To explain, not only to answer: that is what Glassbox is about. And to do more with "
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
    st.caption(
        "The photos are ones that the network may have learned from: here only the difference "
        "counts."
    )
    to("model_cards", "Everything that was measured")
    st.markdown("**And now?** Give it something of yours, and ask why.")
    to("image_recognition", "Begin with a photo")
    to("sentiment", "Begin with a sentence")

    st.subheader("For a class: three lessons of twenty minutes", anchor=False)
    for lesson in LESSONS:
        with st.expander(lesson.title, icon=":material/school:"):
            st.markdown(lesson.about)
            for number, step in enumerate(lesson.steps, 1):
                st.markdown(f"**{number}. {step.minutes} minutes.** {step.text}")
                to(step.page, step.link, **step.state)
            st.markdown("**To talk about:** " + " ".join(lesson.questions))
