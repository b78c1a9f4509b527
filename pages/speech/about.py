"""What this demo is, as data: its line on the menu, what to try, what kind of network it is."""

from pages.parts.sections.demo import Demo, Experiment

ABOUT = Demo(
    name="speech",
    title="Speech recognition",
    icon=":material/mic:",
    blurb=(
        "Say something, and read it; then see which part of the sound each word came from, and "
        "drown it in noise until the words change."
    ),
    models=("speech", "digits"),
    picture="speech.png",
    picture_alt="A spectrogram with words over the sound that each came from",
    experiments=(
        Experiment(
            "Names that nobody taught it.",
            "It hears two printers' names that it cannot spell. How sure is it of them, and what "
            "would it have written instead?",
            {"sample": "Rare names", "part": "Why", "word": 3},
            "Look at how sure it is of the word, and at what it would have written instead.",
            at="Where does each word",
        ),
        Experiment(
            "As loud as the voice.",
            "Noise as strong as the speech. Which words go first: the short or the long ones?",
            {"sample": "Letters", "part": "Trust", "noise": "White noise", "decibels": 0},
            "Red is what was there, then what it became. Turn the noise down until the words stay.",
            at="Drown it",
        ),
        Experiment(
            "A word that is no digit.",
            "Two small networks know ten words. What do they say to a banana, and does the one "
            "that reads change its mind on the way?",
            {"sample": "Printing", "part": "Digits", "digit": "Banana"},
            "Read what both say of the banana, and how sure they are of it.",
        ),
    ),
    kind=(
        "A **transformer**: an encoder turns half a minute of sound into 1,500 places, each of "
        "which may look at every other; a decoder writes one part of a word after the other, and "
        "for each of them chooses by itself which of those places to listen to. It learned that "
        "from 680,000 hours of sound with texts from the web, and nobody told it when which word "
        "is said. The two networks that know digits were trained here: one **convolutional**, one "
        "**recurrent**, which reads the sound from left to right."
    ),
    code="""\
from models import catalog
from models.decode import sound
from models.speech import transcribe
heard = transcribe(catalog.load("speech"), sound.read(open("speech.wav", "rb").read()).wave)
for word in heard.words:
    print(f"{word.start:6.2f} {word.probability:4.0%} {word.text}")
""",
    where="in a copy of Glassbox",
)
