"""The answer in words."""

from models.image_recognition import Recognition

_AN = ("a", "e", "i", "o", "u")


def with_article(noun: str) -> str:
    """`an espresso`, `a cat`."""
    return f"{'an' if noun.lower().startswith(_AN) else 'a'} {noun}"


def sentence(answer: Recognition) -> str:
    """What the network says of one picture, in Markdown."""
    first, family = answer.top(1)[0], answer.family()
    nearest = f"*{first.label}* ({first.probability:.0%})"
    if not answer.knows:
        return (
            "**I don't know this.** It is unlike the photos that I learned from. The nearest thing "
            f"that I have a word for is {nearest}."
        )
    if family:
        name, share = family
        return f"I see **{with_article(name)}** ({share:.0%}), most like {nearest}."
    sure = "I see" if first.probability >= 0.5 else "I am not sure. It may be"
    return f"{sure} **{with_article(first.label)}** ({first.probability:.0%})."
