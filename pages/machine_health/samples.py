"""The series that visitors may start with, with known outcome, and where each is normal."""

from dataclasses import dataclass

from models.machine_health.scoring import Normal
from pages.parts.source.samples import FOLDER


@dataclass(frozen=True)
class Sample:
    """A CSV in pages/samples. outcome: what is known of it. every: how far rows lie apart."""

    file: str
    normal: Normal
    every: str
    outcome: str

    def read(self) -> bytes:
        """Its bytes."""
        return (FOLDER / self.file).read_bytes()


SERIES: dict[str, Sample] = {
    "Valve closes": Sample(
        "machine-valve.csv",
        Normal(0, 400),
        "a second",
        "Made up: from row 450 to 720 a valve is closed by a third.",
    ),
    "Bearing wears": Sample(
        "machine-bearing.csv",
        Normal(0, 400),
        "a second",
        "Made up: from row 450 to 720 a worn bearing shakes both accelerometers.",
    ),
    "Runs hot": Sample(
        "machine-heat.csv",
        Normal(0, 400),
        "a second",
        "Made up: from row 450 to 720 the cooling fails.",
    ),
    "All is well": Sample(
        "machine-well.csv", Normal(0, 400), "a second", "Made up: nothing happens to the machine."
    ),
    "Real: a machine fails": Sample(
        "machine-temperature.csv",
        Normal(0, 190),
        "an hour",
        "Real: the temperature of a part of a large machine, which was shut down on a plan, began "
        "to act up and failed in the end (four marked spans).",
    ),
}
