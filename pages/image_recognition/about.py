"""What this demo is, as data: its line on the menu, what to try, what kind of network it is."""

from pages.parts.sections.demo import Demo, Experiment

ABOUT = Demo(
    name="image_recognition",
    title="Image recognition",
    icon=":material/image_search:",
    blurb=(
        "Give it a photo: it names what is in it, shows where it looked, and says when it "
        "does not know."
    ),
    models=("image_recognition",),
    picture="card-image_recognition.jpg",
    picture_alt="A tabby cat, and beside it the map of where the network looked",
    experiments=(
        Experiment(
            "Ask for the second dog.",
            "The same photo, explained for another class: does the map move?",
            {"sample": "Dogs", "part": "Why", "class": "cocker spaniel"},
            "The maps now explain *cocker spaniel*: see which of the dogs is bright.",
        ),
        Experiment(
            "Show it something that it never learned.",
            "A page of text is no photo. See where it falls on the scale of familiarity.",
            {"sample": "Page of text", "part": "Trust"},
            "Find the line *yours*: left of the limit it says that it does not know such a thing.",
        ),
        Experiment(
            "Take the parts away.",
            "Erase what one detector saw in the cup and watch the answer fall.",
            {"sample": "Coffee", "part": "Why", "depth": "wholes", "detector": "2"},
            "Read how far the answer falls when that part is erased, and how far when as "
            "much is erased at random.",
            at="depth",
        ),
    ),
    kind=(
        "A **convolutional network**: the same small filters slide over the whole picture, first "
        "for edges, then for what edges make together, and so on for 49 layers. Its last map of 7 "
        "x 7 places is averaged, and one weight matrix turns that into 1,000 answers. It was not "
        "told any rule: it learned all its filters from 1.28 million labelled photos."
    ),
    code="""\
import numpy as np, onnxruntime
from PIL import Image, ImageOps
photo = ImageOps.fit(Image.open("photo.jpg").convert("RGB"), (224, 224), bleed=0.0625)
session = onnxruntime.InferenceSession("model.int8.onnx")
logits = session.run(["logits"], {"image": np.asarray(photo)[None]})[0][0]
print(open("labels.txt").read().split("\\n")[logits.argmax()])
""",
)
