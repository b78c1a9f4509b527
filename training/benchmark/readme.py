"""Keeps the README's figures those of the committed files: `python -m training.benchmark.readme`.

A block stands between `<!-- name -->` and `<!-- /name -->`. This writes the table of models from
their cards; training/benchmark/__main__.py writes its own block through `replace`.
"""

import re
from pathlib import Path

from models import catalog
from models.card import Card, Metric
from training.core.places import README


def replace(name: str, text: str, readme: Path = README) -> None:
    """Put `text` between the markers of `name`. Raises ValueError where there are none."""
    block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    before = readme.read_text()
    after, found = block.subn(lambda match: f"{match[1]}{text}\n{match[2]}", before)
    if found != 1:
        raise ValueError(f"README.md has {found} blocks named {name}")
    readme.write_text(after)


def headline(card: Card) -> Metric:
    """The figure that stands for the model: `test` in the precision that the CPU serves."""
    served = card.serves["cpu"]
    if card.headline:
        return card.metric(*card.headline, served)
    return next(m for m in card.metrics if m.split == "test" and m.precision == served)


def models_table() -> str:
    """One Markdown row a model, all figures from its card."""
    rows = [
        "| model | trained on | figure | measured on | n | published | file |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in catalog.NAMES:
        card = catalog.load(name).card
        metric = headline(card)
        served = card.serves["cpu"]
        file = card.graph("predict", served)
        interval = f" ({metric.low:.3f} to {metric.high:.3f})" if metric.low is not None else ""
        others = [m for m in card.metrics if m.source.startswith("published")]
        listed = ", ".join(f"{m.value:.3f} {m.split.partition(', ')[2]}" for m in others)
        # What its makers published of a backbone says nothing of another task.
        own = card.weights if "backbone" not in card.uses else None
        published = own.published if own else listed
        rows.append(
            f"| `{name}` | {card.data[0].name} | {metric.name} {metric.value:.3f}{interval} "
            f"| {metric.split} | {metric.n} | {published} "
            f"| {served}, {file.bytes / 1e6:.1f} MB |"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    replace("models", models_table())
