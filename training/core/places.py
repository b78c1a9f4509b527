"""Where the project keeps what several scripts read or write."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "pages" / "samples"
README = ROOT / "README.md"
