"""What this demo is, as data: its line on the menu, what to try, what kind of network it is."""

from pages.parts.sections.demo import Demo, Experiment

ABOUT = Demo(
    name="network_intrusion",
    title="Network intrusion",
    icon=":material/lan:",
    blurb=(
        "A network that knows only normal connections says which ones are unusual, and in which "
        "columns; you set where the alarm begins, and see what that costs."
    ),
    models=("network_intrusion",),
    picture="network.png",
    picture_alt="Two heaps of scores, normal and attacks, with a dial between them",
    experiments=(
        Experiment(
            "Hide a scan.",
            "In *Port scan* set *count* from 430 to 2 and the refused rates to 0, one after "
            "another: which change does the network mind most?",
            {"sample": "Port scan", "part": "Why"},
            "Change one cell at a time and read how far the score falls with each.",
            at="top",
        ),
        Experiment(
            "One attack in a hundred.",
            "In the test file more than half are attacks. Here one in a hundred is: how many of "
            "the alarms are right now, and where is the dial cheapest?",
            {"sample": "Web page", "part": "Trust", "network_intrusion_share": 1.0},
            "Read how many of the alarms are right now, and where the dial is cheapest.",
            at="network_intrusion_dial",
        ),
        Experiment(
            "What looks normal passes.",
            "A thief with the right password reads mail like its owner. Can the dial be set so "
            "that this is caught, and what does that cost?",
            {"sample": "Stolen password", "part": "Why"},
            "Read how its score stands to the alarm, then move the dial until it is caught.",
            at="top",
        ),
    ),
    kind=(
        "An **autoencoder**: it squeezes a row of 41 columns through a middle of a few dozen "
        "numbers and has to write it out again. It learned that on normal connections alone, so "
        "what is normal passes well and what is not comes out wrong; how wrong is its score. "
        "Nobody told it what an attack is: labels served only to choose where the alarm begins."
    ),
    code="""\
from models import catalog
from models.decode import tables
from models.network_intrusion import predict, reading
model = catalog.load("network_intrusion")
rows = reading.read(model, tables.read(open("glassbox-connections.csv", "rb").read()))
found, run = predict(model, rows)
print(found.score, found.alarm(model.card.settings["threshold"].value))
""",
    where="in a copy of Glassbox, with the template from this page",
)
