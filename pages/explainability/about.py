"""What this demo is, as data: its line on the menu, what to try, what kind of network it is."""

from pages.parts.explain import why
from pages.parts.sections.demo import Demo, Experiment

RESET = {"class": why.FIRST, "against": ""}  # with every new picture

ABOUT = Demo(
    name="explainability",
    title="Explainability",
    icon=":material/troubleshoot:",
    blurb=(
        "Seven ways to explain why a network said what it said, each with a test that tells you "
        "whether to believe it."
    ),
    models=("image_recognition", "fashion"),
    picture="card-explainability.jpg",
    picture_alt="A cup of coffee under three maps that differ",
    experiments=(
        Experiment(
            "Why this dog and not that one?",
            "One photo, two classes: see which places speak for the one and which for the other.",
            {"sample": "Dogs", "part": "This, not that", "class": "cocker spaniel"},
            "Compare the last two maps: each shows what speaks more for one dog than for "
            "the other.",
        ),
        Experiment(
            "Let pixels go in order.",
            "Drag the share of pixels up: does the answer fall sooner than by a random map?",
            {"sample": "Coffee", "part": "Remove", "share": 10},
            "Compare the curve of the map with that of a random one while you drag the share.",
        ),
        Experiment(
            "How little does it take?",
            "Find a small patch that turns the coffee into something else.",
            {"sample": "Coffee", "part": "Change its mind"},
            "Look for the orange line around the patch, and at what the answer becomes without it.",
        ),
    ),
    kind=(
        "Both networks are **convolutional**. Some methods look **inside**: Grad-CAM reads the "
        "last layer, and gradients tell how the answer would change with each pixel. Others ask "
        "from **outside**: occlusion and RISE cover parts and ask again, which works on any "
        "network."
    ),
)
