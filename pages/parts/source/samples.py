"""The sample pictures in pages/samples, with what a visitor and a screen reader need of each."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "samples"


@dataclass(frozen=True)
class Sample:
    """One small real input. `name` is shown and stands in links; pages/samples says whose it is."""

    name: str
    file: str
    alt: str

    def read(self) -> bytes:
        """Its bytes."""
        return (FOLDER / self.file).read_bytes()


PHOTOS: dict[str, Sample] = {
    sample.name: sample
    for sample in (
        Sample("Coffee", "espresso.jpg", "A red cup of coffee with spoon and saucer"),
        Sample("Dogs", "dogs.jpg", "Two brown dogs leaning out of a window, one below"),
        Sample("Cat", "cat.jpg", "Close-up of a tabby cat looking to the left"),
        Sample("Brushes", "brushes.jpg", "Used paintbrushes of many colours"),
        Sample("Mountain", "mountain.jpg", "A path below grey peaks with some snow"),
        Sample("Nuthatch", "nuthatch.jpg", "A small bird head down on a tree trunk"),
        Sample("Blurred clock", "clock.jpg", "A wall clock blurred by a moving camera"),
        Sample("Page of text", "page.png", "A printed page of English text"),
    )
}

CLOTHES: dict[str, Sample] = {
    sample.name: sample
    for sample in (
        Sample("Sneaker", "fashion-sneaker.png", "A sneaker, 28 x 28 pixels of Fashion-MNIST"),
        Sample("Shirt", "fashion-shirt.png", "A shirt, 28 x 28 pixels of Fashion-MNIST"),
        Sample("Ankle boot", "fashion-ankle-boot.png", "An ankle boot, 28 x 28 pixels"),
        Sample("Trouser", "fashion-trouser.png", "Trousers, 28 x 28 pixels of Fashion-MNIST"),
        Sample("Drawn dress", "clothes-dress.jpg", "A drawn green dress on a pale ground"),
        Sample("Drawn T-shirt", "clothes-t-shirt.jpg", "A drawn blue T-shirt on a pale ground"),
        Sample("Drawn sneaker", "clothes-sneaker.jpg", "A drawn green sneaker on a brown ground"),
        Sample("Drawn bag", "clothes-bag.jpg", "A drawn brown bag on a pale ground"),
    )
}

FACES: dict[str, Sample] = {
    sample.name: sample
    for sample in (
        Sample("Obama 2009", "face-obama-2009.jpg", "Barack Obama speaking, in a dark suit"),
        Sample("Obama 2010", "face-obama-2010.jpg", "Barack Obama standing, looking at the camera"),
        Sample("Biden 2010", "face-biden-2010.jpg", "Joe Biden standing, looking at the camera"),
        Sample("Collins", "face-collins.png", "Eileen Collins smiling, in an orange space suit"),
        Sample("Hopper 1984", "face-hopper-1984.jpg", "Grace Hopper in uniform, with glasses"),
        Sample(
            "Group 2011", "face-group-2011.jpg", "Thirteen people in a room, looking to one side"
        ),
        Sample("Drawn dress", "clothes-dress.jpg", "A drawn green dress, and no face"),
    )
}
