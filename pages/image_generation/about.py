"""What this demo is, as data: its line on the menu, what to try, what kind of network it is."""

from pages.image_generation import make
from pages.image_generation.items import KEPT, PICKED
from pages.parts.sections.demo import Demo, Experiment

EMOJI = {"maker": make.TITLES["emoji_generator"]}

ABOUT = Demo(
    name="image_generation",
    title="Image generation",
    icon=":material/auto_awesome:",
    blurb=(
        "Pictures that never were, by two networks that learned against each other: make some, "
        "blend them, watch it learn, and try to tell real from made."
    ),
    models=tuple(make.TITLES),
    picture="generated.png",
    picture_alt="Small grey pictures of clothes that a network made",
    experiments=(
        Experiment(
            "Take chance away.",
            "The same seed with a tenth of the variety: what is the most usual of each kind? Then "
            "drag the variety up again.",
            {"variety": 10, "many": 40, "part": "Change it"},
            "All pictures of one kind look nearly alike now: drag *Variety* up and watch "
            "them part.",
            at="top",
        ),
        Experiment(
            "From a boot to a bag.",
            "Nobody drew what lies between the two. Where on the way does one become the other?",
            {
                KEPT: "fashion-7-9-9-80_fashion-7-8-8-80_fashion-7-3-3-80",
                PICKED: "fashion-7-9-9-80",
                "part": "Change it",
            },
            "Look at the pictures between the two ends: find the one that is as much boot as bag.",
        ),
        Experiment(
            "From noise to clothes.",
            "Press Play, or drag the slider. What does it learn first: where the cloth is, what "
            "kind it is, or its folds?",
            {"part": "How it learned", "moment": "0"},
            "This is before the first step: press Play, and watch for the first picture that you "
            "recognise.",
            at="moment",
        ),
        Experiment(
            "From a face to a heart.",
            "It learned from 1,425 drawings only, a fortieth of what the clothes had. What goes "
            "first on the way: the colour, the eyes or the outline?",
            EMOJI
            | {KEPT: "emoji-7-0-0-80_emoji-7-1-1-80", PICKED: "emoji-7-0-0-80"}
            | {"part": "Change it"},
            "Look at the pictures between the two ends: find the first one that is a face no more.",
        ),
    ),
    kind=(
        "Two networks that were trained **against each other** (a generative adversarial network, "
        "or GAN). The **generator** turns random numbers and a kind into a picture, "
        "coarse to fine. The **discriminator** sees real and made pictures and learned to tell "
        "them apart; the generator learned from nothing but how to make that harder, and never saw "
        "a real picture."
    ),
    code="""\
import numpy as np, onnxruntime, PIL.Image
session = onnxruntime.InferenceSession("model.int8.onnx")
latent, kinds = (one.shape[1] for one in session.get_inputs())
chance = np.random.default_rng(7).standard_normal((1, latent), "f4")
feeds = {"chance": chance, "classes": np.eye(kinds, dtype="f4")[:1]}  # the first kind
PIL.Image.fromarray(session.run(["image"], feeds)[0].squeeze()).save("made.png")
""",
)
