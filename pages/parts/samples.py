"""The sample pictures in pages/samples, with what a visitor and a screen reader need of each."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "samples"


@dataclass(frozen=True)
class Sample:
    """One small real input. Its origin and licence stand in pages/samples/README.md."""

    name: str
    file: str
    title: str
    alt: str

    def read(self) -> bytes:
        """Its bytes."""
        return (FOLDER / self.file).read_bytes()


PHOTOS: dict[str, Sample] = {
    sample.name: sample
    for sample in (
        Sample("cat", "cat.jpg", "Cat", "Close-up of a tabby cat looking to the left"),
        Sample("dogs", "dogs.jpg", "Dogs", "Two brown dogs leaning out of a window, one below"),
        Sample("espresso", "espresso.jpg", "Coffee", "A red cup of coffee with spoon and saucer"),
        Sample("brushes", "brushes.jpg", "Brushes", "Used paintbrushes of many colours"),
        Sample("mountain", "mountain.jpg", "Mountain", "A path below grey peaks with some snow"),
        Sample("nuthatch", "nuthatch.jpg", "Nuthatch", "A small bird head down on a tree trunk"),
        Sample("clock", "clock.jpg", "Blurred clock", "A wall clock blurred by a moving camera"),
        Sample("page", "page.png", "Page of text", "A printed page of English text"),
    )
}
