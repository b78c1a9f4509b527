"""What this demo is, as data: its line on the menu, what to try, what kind of network it is."""

from pages.parts.sections.demo import Demo, Experiment

ABOUT = Demo(
    name="fashion",
    title="Fashion, learned here",
    icon=":material/checkroom:",
    blurb=(
        "A network that learned ten kinds of clothes from nothing: watch it learn, turn the "
        "clothes, and see what it mixes up."
    ),
    models=("fashion",),
    picture="card-fashion.jpg",
    picture_alt="A drawn dress, and the same dress as 28 by 28 grey pixels",
    experiments=(
        Experiment(
            "Turn it on its head.",
            "It never saw clothes upside down. How far must you turn them back before it "
            "knows them?",
            {"sample": "Ankle boot", "turn": 180, "part": "Why"},
            "The boot stands on its head now: read what the network calls it, then turn it back "
            "under *Turn, shift, dim* until the name is right.",
            at="top",
        ),
        Experiment(
            "Watch it learn.",
            "Drag the slider from the first step to the last and see the labels change.",
            {"sample": "Shirt", "part": "How it learned", "moment": "0"},
            "This is before the first step: drag to the right and watch orange frames, "
            "its mistakes, turn green.",
            at="moment",
        ),
        Experiment(
            "Ask the other three.",
            "Rules, logistic regression and nearest neighbours answer the same picture.",
            {"sample": "Shirt", "part": "How it learned"},
            "Read the four answers one below the other: which of them agree, and how sure is each?",
            at="Four ways to answer",
        ),
    ),
    kind=(
        "A **residual convolutional network**: five blocks of two layers, each of which adds to "
        "what came before instead of replacing it, so that all of them learn. It has under a "
        "million weights, all random at the start. 55,000 labelled pictures, shown thirty times, "
        "made them what they are."
    ),
    code="""\
import numpy as np, onnxruntime
from PIL import Image, ImageOps
cloth = ImageOps.pad(ImageOps.invert(Image.open("cloth.png").convert("L")), (28, 28))  # on white
session = onnxruntime.InferenceSession("model.int8.onnx")
logits = session.run(["logits"], {"image": np.asarray(cloth)[None]})[0][0]
print(open("labels.txt").read().split("\\n")[logits.argmax()])
""",
)
