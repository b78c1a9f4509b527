"""What this demo is, as data: its line on the menu, what to try, what kind of network it is."""

from pages.parts.sections.demo import Demo, Experiment
from pages.text_prediction import line
from pages.text_prediction.samples import FIRST

# With every experiment: its text is put in anew, and its own choices stay.
NEW = {line.OF: None, line.SHOWN: None, "text_job": None}

ABOUT = Demo(
    name="text_prediction",
    title="Text prediction",
    icon=":material/keyboard:",
    blurb=(
        "Type, and a network expects your next word; let it go on by itself, and see which words "
        "surprised it and which ones made it think so."
    ),
    models=("text_prediction", "shakespeare"),
    picture="text.png",
    picture_alt="A line of text with three words to go on with",
    experiments=(
        Experiment(
            "Cold and hot.",
            "One text goes on twice: at temperature 0.2 and at 1.5. Which one repeats itself, and "
            "which one loses the thread?",
            NEW | {"sample": FIRST, "two": True, "heat": 0.2, "other_heat": 1.5, "written": "1"},
            "Read both texts to the end, side by side: one walks in a circle, one runs away.",
            at="Let it go on",
        ),
        Experiment(
            "A purple keyboard.",
            "Somebody eats a keyboard. Which words surprise the network, and which ones pushed "
            "them?",
            NEW | {"sample": "An odd dinner", "word": 7, "part": "Why"},
            "Read which earlier words made the chosen one more likely, and which made it less.",
            at="How surprising was every word",
        ),
        Experiment(
            "Only counting.",
            "Two models that only count read the same text. Where is the network better, and where "
            "not?",
            NEW | {"sample": "A letter", "part": "Trust"},
            "Compare the lines word by word: where one lies lower, that model expected the word "
            "better.",
        ),
    ),
    kind=(
        "A **recurrent network**: it reads one part of a word after the other and keeps, in 768 "
        "numbers, what it may need later (long short-term memory: gates decide what is kept and "
        "what forgotten). From these numbers it expects the next part. Its weights were random at "
        "the start; reading film reviews and everyday sentences, and guessing each next part, made "
        "them what they are."
    ),
    code="""\
from models import catalog
from models.kinds.language import score, suggest, write
model = catalog.load("text_prediction")
print([word.text for word in suggest(model, "I would like to").offered])
print(score(model, "The ending was a surprise.").word_perplexity)
print("It was", "".join(write(model, "It was", length=30, seed=1)))
""",
    where="in a copy of Glassbox",
)
