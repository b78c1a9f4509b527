"""What this demo is, as data: its line on the menu, what to try, what kind of network it is."""

from pages.parts.sections.demo import Demo, Experiment

ABOUT = Demo(
    name="visual_inspection",
    title="Visual inspection",
    icon=":material/center_focus_strong:",
    blurb=(
        "Give a few pictures of good parts: without any training, it lights up what is unlike them "
        "in another one."
    ),
    models=("visual_inspection",),
    picture="inspect.png",
    picture_alt="A metal washer with a lit scratch",
    experiments=(
        Experiment(
            "A good one stays dark.",
            "The first washer is good and lies in another place than all that are remembered. Does "
            "the map mind? Then look at number 3.",
            {"sample": "Metal washer", "which": "1"},
            "The map of the good one has no bright place; now click number 3.",
            at="top",
        ),
        Experiment(
            "Nobody told it what a stain is.",
            "The network learned cats and coffee cups. See under *Why* which good ones come "
            "nearest to the odd place in cloth.",
            {"sample": "Cloth", "which": "3", "part": "Why"},
            "Compare the odd place with the three good pictures that come nearest to it.",
        ),
        Experiment(
            "How many good parts may be thrown away?",
            "Turn the dial down until no flaw is missed. What does that cost a day?",
            {"sample": "Brick wall", "which": "4", "part": "Trust"},
            "Open *Turn the dial*, turn it down, and read how many good parts are thrown "
            "away a day.",
            at="Turn the dial",
        ),
    ),
    kind=(
        "A **convolutional network** of which only the lowest layers are used, as they were "
        "learned for *Image recognition*; beside them stand the plain means and deviations of "
        "colours. Nothing is trained here: a **memory** keeps a thousand patches of the good "
        "pictures at each depth, chosen so that they cover all of them (PatchCore). How far a new "
        "patch is from the nearest of them is the heat."
    ),
    code="""\
from models import catalog, decode
from models.visual_inspection import inspect, remember
model = catalog.load("visual_inspection")
read = lambda name: decode.picture(open(name, "rb").read()).pixels
memory = remember(model, [read(f"good-{i}.jpg") for i in range(1, 13)])
findings, run = inspect(model, memory, [read("part.jpg")])
print(findings[0].score, findings[0].heat.shape)
""",
    where="in a copy of Glassbox, with your own pictures",
)
