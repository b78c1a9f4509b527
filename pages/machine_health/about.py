"""What this demo is, as data: its line on the menu, what to try, what kind of network it is."""

from pages.parts.sections.demo import Demo, Experiment

ABOUT = Demo(
    name="machine_health",
    title="Machine health",
    icon=":material/monitor_heart:",
    blurb=(
        "Mark when a machine was well: a network tells when its sensors stop being as they were, "
        "and which of them."
    ),
    models=("machine_health",),
    picture="machine.png",
    picture_alt="A curve of scores that rises over a line",
    experiments=(
        Experiment(
            "A fault in the normal stretch.",
            "Here the stretch that is called normal holds half of the fault. What becomes of the "
            "alarm?",
            {"sample": "Valve closes", "normal": (200, 600)},
            "Look at the curve where the fault is: the network takes for normal what it "
            "was told is normal.",
            at="top",
        ),
        Experiment(
            "Which sensor said it?",
            "Cooling fails. Look at *Why*: which sensors are far from normal, and what should they "
            "have been?",
            {"sample": "Runs hot", "normal": (1, 400), "part": "Why"},
            "Find the longest bar, and beside it what that sensor should have shown.",
        ),
        Experiment(
            "A real failure.",
            "The part failed in February 2014. When is the first alarm before it, and what does a "
            "lower dial bring?",
            {"sample": "Real: a machine fails", "normal": (1, 190), "part": "Trust"},
            "Find the first place where the curve rises over the line, and how long "
            "before the failure that is.",
            at="top",
        ),
    ),
    kind=(
        "A **variational autoencoder** with convolutions along time: it keeps 32 rows of one "
        "sensor in six numbers, from which they can be drawn again. Before, it looks at 64 windows "
        "of the same sensor's normal stretch and says which six numbers it expects; how far the "
        "window's are from those is its score. One network serves every sensor, so it works for "
        "any number of them."
    ),
    code="""\
from models import catalog
from models.decode import tables
from models.machine_health import predict, reading
from models.machine_health.scoring import Normal
model = catalog.load("machine_health")
sensors = reading.sensors(tables.read(open("sensors.csv", "rb").read()))
health = predict(model, sensors.values, Normal(0, 400))
print(health.scores, health.alarms)
""",
    where="in a copy of Glassbox",
)
