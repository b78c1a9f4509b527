"""The texts that visitors may start with, all written for Glassbox, and what their writer meant."""

from dataclasses import dataclass
from typing import Literal

Meant = Literal["liked", "disliked", "unsure"]


@dataclass(frozen=True)
class Sample:
    """A text, what its writer meant (unsure: mixed, or not a review), and what it is made of."""

    text: str
    meant: Meant
    made_of: str


REVIEWS: dict[str, Sample] = {
    "Praise": Sample(
        "I loved every minute of this film. The story is warm and clever, the two leads are "
        "wonderful together, and the music stayed with me for days. Some scenes made me laugh "
        "out loud, and the ending is perfect. Go and see it!",
        "liked",
        "plain praise",
    ),
    "A bad review": Sample(
        "What a waste of two hours. The plot makes no sense, the acting is wooden, and every "
        "joke falls flat. I was so bored that I counted the lamps in the room. Avoid it.",
        "disliked",
        "plain blame",
    ),
    "Mixed": Sample(
        "The pictures are beautiful and the first half is gripping, but then the story falls "
        "apart and the ending is a mess. A great cast in a weak film: I enjoyed one hour of it "
        "and was annoyed by the other.",
        "unsure",
        "as much praise as blame",
    ),
    "Irony": Sample(
        "Oh, wonderful, another two hours of people who stare out of windows. Just what the "
        "world was waiting for. I have never been so happy to see the lights come on, and I "
        "warmly recommend it to everybody who cannot sleep.",
        "disliked",
        "words of praise that mean the opposite",
    ),
    "Double negation": Sample(
        "I cannot say that I did not enjoy it. There is not a scene in it that is not well made, "
        "and nobody in the cast is less than good. It never bored me.",
        "liked",
        "praise said by denying the opposite",
    ),
    "Not bad": Sample("Not bad.", "liked", "two words, one turned round"),
    "A plot": Sample(
        "A woman returns to the village where she was born to sell the house of her father. In "
        "the attic she finds letters from a man of whom she has never heard, and she sets out to "
        "look for him. On the way she meets a boy with a dog.",
        "unsure",
        "what happens, and no opinion",
    ),
    "Not a review": Sample(
        "Please bring the blue folder to room 214 by noon. The printer on the second floor is "
        "being repaired, so use the one beside the kitchen.",
        "unsure",
        "a note between colleagues",
    ),
    "Not English": Sample(
        "Ein wunderbarer Film. Die Geschichte ist klug und warm, die Musik ist herrlich, und ich "
        "habe den ganzen Abend gelacht und geweint.",
        "unsure",
        "praise in a language that it never learned",
    ),
}
SAMPLES: dict[str, str] = {name: sample.text for name, sample in REVIEWS.items()}
# What samples were called in links before.
RENAMED = {"A pan": "A bad review"}
