"""What this demo is, as data: its line on the menu, what to try, what kind of network it is."""

from pages.parts.sections.demo import Demo, Experiment

MODES = VERIFY, FIND = ("Are these two one person?", "Who is in this photo?")

ABOUT = Demo(
    name="face_recognition",
    title="Face recognition",
    icon=":material/familiar_face_and_zone:",
    blurb=(
        "Do two photos show the same person, and who of some people is in a photo? With the odds, "
        "and a refusal where a face is too poor to tell."
    ),
    models=("face_detection", "face_recognition"),
    picture="card-face_recognition.jpg",
    picture_alt="A face in a frame, with five points on eyes, nose and mouth",
    experiments=(
        Experiment(
            "Look for a stranger.",
            "Two people who never met: how far apart do their faces lie, and how far from the "
            "line?",
            {"mode": VERIFY, "one": "Collins", "other": "Hopper 1984"},
            "Read how far apart the two faces are, and how far the limit is.",
            at="top",
        ),
        Experiment(
            "Find two of thirteen.",
            "Four people are enrolled; the photo shows thirteen, one half hidden. Who is found?",
            {"mode": FIND, "photo": "Group 2011", "ours": True},
            "Count the names in the photo, and look for the faces that got none.",
            at="top",
        ),
        Experiment(
            "Make one face worse.",
            "Dim it, blur it, tilt it, shrink it: at which point does the network lose the person?",
            {"mode": VERIFY, "one": "Obama 2010", "other": "Obama 2009", "part": "Why"},
            "Follow each line from left to right: where it crosses the dotted one, the "
            "network takes it for somebody else.",
            at="How poor may a photo be",
        ),
    ),
    kind=(
        "Two **convolutional networks** in a row. The first, three small ones of which each looks "
        "only where the one before saw something, finds faces and five points in each. The second, "
        "a **residual network** of 29 layers, turns an aligned face into 128 numbers; it learned, "
        "from three million faces, to put pictures of one person near to each other and others "
        "apart. It knows no names: two faces are one person's where their numbers are near."
    ),
    code="""\
from models import catalog, decode
from models.face_detection import detect
from models.face_recognition import align, distance, embed
pictures = [decode.picture(open(name, "rb").read()).pixels for name in ("one.jpg", "other.jpg")]
found = [detect(catalog.load("face_detection"), pixels) for pixels in pictures]
crops = [align.align(there.picture, there.faces[0].points) for there in found]
print(distance(*embed(catalog.load("face_recognition"), crops)[0]))
""",
    where="in a copy of Glassbox",
)
