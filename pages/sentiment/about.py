"""What this demo is, as data: its line on the menu, what to try, what kind of network it is."""

from pages.parts.sections.demo import Demo, Experiment
from pages.sentiment.made import SECOND
from pages.sentiment.write import FIELD, NEW

# With every experiment: its text is put in anew.
FRESH = {FIELD.of: None, FIELD.shown: None, **NEW}

ABOUT = Demo(
    name="sentiment",
    title="Sentiment",
    icon=":material/thumbs_up_down:",
    blurb=(
        "Give it a film review, or a table of thousands: it says whether the writer liked it, and "
        "colours the words that say so."
    ),
    models=("sentiment",),
    picture="sentiment.png",
    picture_alt="Three lines of a review with coloured words",
    experiments=(
        Experiment(
            "Turn a word round.",
            "Take *not* out of “Not bad”, then put *so* in its place. Which word did the work?",
            FRESH | {"sample": "Not bad", "part": "Why", "without": 1},
            "Compare *before* and *after* below the word that was taken out.",
            at="What if one word",
        ),
        Experiment(
            "Irony.",
            "Every word praises, and the writer means the opposite. What does the network read?",
            FRESH | {"sample": "Irony", "part": "Why"},
            "Read the verdict, then the colours: every word praises, so what is left to notice?",
            at="top",
        ),
        Experiment(
            "Whom to believe?",
            "Two methods colour the same review. Take words out in the order of each: which one "
            "found those that matter?",
            FRESH
            | {
                "sample": "Mixed",
                "part": "Why",
                "method": SECOND,
                "other": "Shapley values (sampled)",
            },
            "The curve that falls first belongs to the method that found the words that matter.",
            at="Which method to believe",
        ),
    ),
    kind=(
        "A **recurrent network**: it reads a review word by word and keeps what it read in 768 "
        "numbers, which each word changes; what they were at their largest, on average and at the "
        "end makes its judgement. It began as the network of *Text prediction*, which had learned "
        "to expect the next word, and went on learning from 22,000 film reviews with their stars. "
        "Beside it stands a **linear model** that gives every run of up to three word pieces a "
        "weight; the two are added."
    ),
    code="""\
from models import catalog
from models.sentiment import predict
model = catalog.load("sentiment")
verdicts, run = predict(model, ["I loved it.", "What a waste of two hours."])
for verdict in verdicts:
    print(verdict.says, f"{verdict.positive:.0%}")
""",
    where="in a copy of Glassbox",
)
