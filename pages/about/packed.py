"""The code that runs here, to take home."""

import io
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("*.py", "*.css", "*.toml", "requirements.txt", "README.md", "LICENSE", "NOTICE")
ROOMS = ("models", "pages", "training", "tests")


def code() -> bytes:
    """The code that runs here, as a zip: all but models, samples and pictures."""
    rooms = [ROOT / room for room in ROOMS]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for pattern in CODE:
            found = [*ROOT.glob(pattern), *(path for room in rooms for path in room.rglob(pattern))]
            for path in sorted(found):
                packed.write(path, Path("glassbox", path.relative_to(ROOT)))
    return file.getvalue()
