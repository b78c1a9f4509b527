"""Three lessons of twenty minutes each, for those who teach: pages, things to do, questions."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """Something to do on a page. link: what its way says. state: what the address sets there."""

    minutes: int
    text: str
    page: str
    link: str
    state: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Lesson:
    """Fits on one screen."""

    title: str
    about: str
    steps: tuple[Step, ...]
    questions: tuple[str, ...]


LESSONS = (
    Lesson(
        "How does a machine learn to see?",
        "From rules to a network that learned everything from examples. Nothing to prepare; a "
        "phone for every two is enough.",
        (
            Step(
                5,
                "Write down three rules that tell a shirt from a dress. Then see which rules we "
                "wrote, and how often they are right.",
                "fashion",
                "Four ways to answer one picture",
                {"sample": "Drawn dress", "part": "How it learned"},
            ),
            Step(
                7,
                "Drag through the training. When does it know trousers, when shirts? Which two "
                "does it mix up to the end?",
                "fashion",
                "Watch it learn",
                {"sample": "Shirt", "part": "How it learned"},
            ),
            Step(
                8,
                "Take a photo of something in the room. Which detectors answer, and what becomes "
                "of the answer when what one of them saw is erased?",
                "image_recognition",
                "Look at the ladder",
                {"sample": "Coffee", "part": "Why"},
            ),
        ),
        (
            "Where did the network get its rules from?",
            "What would it call something that it never saw?",
        ),
    ),
    Lesson(
        "Can you believe an explanation?",
        "A map is a claim, and a claim can be tested.",
        (
            Step(
                6,
                "Two dogs are in the photo. Ask for each of them: does the map move with the "
                "question?",
                "image_recognition",
                "Ask for the second dog",
                {"sample": "Dogs", "part": "Why", "class": "cocker spaniel"},
            ),
            Step(
                8,
                "Take pixels away in the order of a map, and in a random one. By which does the "
                "answer fall sooner?",
                "explainability",
                "Let pixels go in order",
                {"sample": "Coffee", "part": "Remove"},
            ),
            Step(
                6,
                "Find a small patch that changes the answer to something else. Would it change "
                "your mind?",
                "explainability",
                "Change its mind",
                {"sample": "Cat", "part": "Change its mind"},
            ),
        ),
        (
            "When would a doctor or a judge need more than a map?",
            "What is the difference between right, and right for the right reason?",
        ),
    ),
    Lesson(
        "What does a mistake cost?",
        "No alarm is ever only right: whoever sets the dial decides who pays.",
        (
            Step(
                7,
                "Turn the dial. How many attacks are missed, how many normal connections stopped?",
                "network_intrusion",
                "Set the alarm",
                {"sample": "Port scan", "part": "Trust"},
            ),
            Step(
                7,
                "Say what a missed fraud costs and what a false alarm costs, and find the "
                "cheapest place of the dial. Then take the side of the customer who was stopped.",
                "card_fraud",
                "What a fraud costs",
                {"sample": "As ever", "part": "Trust"},
            ),
            Step(
                6,
                "Compare two photos of one person, then two of different people. Whom would you "
                "let in?",
                "face_recognition",
                "The odds of a face",
                {"part": "Trust"},
            ),
        ),
        (
            "Who should set the dial, and who should know where it stands?",
            "Which mistakes can be made good, and which cannot?",
        ),
    ),
)
