"""Sounds of ours, with what is said in them; pages/samples/README.md says whose they are."""

from dataclasses import dataclass

from pages.parts.source.samples import Sample


@dataclass(frozen=True)
class Spoken(Sample):
    """A sample, and the words that are said in it: none where nobody speaks."""

    said: str = ""


SAMPLES: dict[str, Spoken] = {
    sample.name: sample
    for sample in (
        Spoken(
            "Printing",
            "speech-printing.flac",
            "A woman reads a sentence on printing",
            "Printing, in the only sense with which we are at present concerned, differs from most "
            "if not from all the arts and crafts represented in the Exhibition",
        ),
        Spoken(
            "Letters",
            "speech-letters.flac",
            "A woman reads a sentence on handwriting",
            "imitates a much freer hand, simpler, rounder, and less spiky, and therefore far "
            "pleasanter and easier to read.",
        ),
        Spoken(
            "Rare names",
            "speech-names.flac",
            "A woman reads a sentence with German and Italian names",
            "In fourteen sixty-five Sweynheim and Pannartz began printing in the monastery of "
            "Subiaco near Rome,",
        ),
        Spoken(
            "A made voice",
            "speech-synthetic.flac",
            "A synthetic voice makes an appointment",
            "Please meet me at the station at half past nine, and bring the blue umbrella.",
        ),
        Spoken(
            "Longer than half a minute",
            "speech-long.flac",
            "A woman reads four sentences on the Middle Ages",
            "And it was a matter of course that in the Middle Ages, when the craftsmen took care "
            "that beautiful form should always be a part of their productions whatever they were, "
            "the forms of printed letters should be beautiful, and that their arrangement on the "
            "page should be reasonable and a help to the shapeliness of the letters themselves. "
            "The Middle Ages brought calligraphy to perfection, and it was natural therefore that "
            "the forms of printed letters should follow more or less closely those of the written "
            "character, and they followed them very closely.",
        ),
        Spoken("Nobody speaks", "speech-nobody.flac", "The hum of a cable, and some noise"),
    )
}

DIGITS: dict[str, Sample] = {
    sample.name: sample
    for sample in (
        Sample("Three", "digit-three.flac", "A synthetic voice says three"),
        Sample("Seven", "digit-seven.flac", "A synthetic voice says seven"),
        Sample("Nine", "digit-nine.flac", "A synthetic voice says nine"),
        Sample("Zero", "digit-zero.flac", "A synthetic voice says zero"),
        Sample("Banana", "digit-banana.flac", "A synthetic voice says banana"),
    )
}
