"""The methods that explain an image model, in one table.

    heat = METHODS["RISE"].run(model, image, target, progress=progress)

What each reached on a model stands on that model's card, in the table `methods`: deletion and
insertion area, sanity, milliseconds. `best` reads from it which method a page shows first.
"""

from collections.abc import Callable
from dataclasses import dataclass

from models.card import Card
from models.explain import Heat
from models.explain.cam import grad_cam
from models.explain.gradient import gradient, gradient_x_input, integrated_gradients, smooth_grad
from models.explain.occlusion import occlusion
from models.explain.rise import rise

CHANGES = 0.5  # a map whose ranks agree with that of a random network more than this is not sane
QUICK = 300.0  # milliseconds that the method which a page shows first may take
COLUMNS = [
    "method",
    "deletion",
    "deletion low",
    "deletion high",
    "insertion",
    "insertion low",
    "insertion high",
    "top third random",
    "two thirds random",
    "all random",
    "milliseconds",
    "better than knowing nothing",
]


@dataclass(frozen=True)
class Method:
    """run(model, image, target, progress=...) -> Heat; what it shows, and what it cannot tell."""

    run: Callable[..., Heat]
    shows: str
    cannot: str


METHODS: dict[str, Method] = {
    "Grad-CAM": Method(
        grad_cam,
        "Each place's evidence for this class, read from inside the network.",
        "It has only 7 x 7 places, and shows only what speaks for the class.",
    ),
    "Occlusion": Method(
        occlusion,
        "How far the class falls when each patch is covered, seen from outside.",
        "It cannot see two places that stand in for each other: covering one changes nothing.",
    ),
    "RISE": Method(
        rise,
        "Random parts are hidden 1,000 times: bright places were seen when the class was likely.",
        "Small things drown in it, and it differs a little with other random parts.",
    ),
    "Gradient": Method(
        gradient,
        "How strongly the class reacts to a tiny change of each pixel.",
        "It tells what would change the answer a little, not what made it.",
    ),
    "Gradient x input": Method(
        gradient_x_input,
        "That reaction times how far the pixel is from the mean colour.",
        "Where the network is already certain it shows nothing, even if that place mattered.",
    ),
    "SmoothGrad": Method(
        smooth_grad,
        "The gradient, averaged over noisy copies of the picture.",
        "The noise that calms the map also hides fine detail, and how much noise is a choice.",
    ),
    "Integrated gradients": Method(
        integrated_gradients,
        "What each pixel added on the way from an empty picture to this one.",
        "It depends on what counts as empty: here the picture's own mean colour.",
    ),
}


def measured(card: Card) -> dict[str, dict[str, str | float | None]]:
    """The card's table `methods`: method -> column -> value; empty where the card has none."""
    table = card.tables.get("methods")
    rows = table.rows if table else []
    return {str(row[0]): dict(zip(COLUMNS, row, strict=True)) for row in rows}


def sane(card: Card, method: str) -> bool:
    """Whether the method's map changed when the network was made random, as far as measured."""
    row = measured(card).get(method, {})
    return float(row.get("all random") or 0) <= CHANGES


def best(card: Card) -> str:
    """The method of best average rank on both areas, of those that are sane and quick.

    Grad-CAM where none is, or the card has no figures.
    """
    fit = [
        row
        for name, row in measured(card).items()
        if name in METHODS and sane(card, name) and float(row["milliseconds"] or 0) < QUICK
    ]
    if not fit:
        return "Grad-CAM"
    deleted = sorted(fit, key=lambda row: float(row["deletion"] or 0))
    inserted = sorted(fit, key=lambda row: -float(row["insertion"] or 0))
    return str(min(fit, key=lambda row: deleted.index(row) + inserted.index(row))["method"])
