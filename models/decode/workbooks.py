"""Workbooks of strangers (.xlsx, .xls, .ods) -> one of their sheets as CSV.

    found = workbooks.read(data, sheet=None)
    found.sheets, found.sheet, found.csv

What a workbook unpacks to is bounded twice: by what it says itself before it is read, and, since
that may be a lie, by the memory of the process that reads it, see workbook_reader.py.
"""

import io
import json
import subprocess
import sys
import threading
import zipfile
from dataclasses import dataclass
from pathlib import Path

from models import deadline
from models.errors import InputError

UNPACKED = 200 * 2**20  # bytes of all files in a workbook
MEMORY = 512 * 2**20  # bytes of the address space of the process that reads it
WRITTEN = 50 * 2**20  # bytes of the sheet as CSV: twice what a CSV file may have
LOOK = 0.2  # seconds between two looks at the clock
READER = Path(__file__).with_name("workbook_reader.py")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
REFUSED = {
    "password": "This workbook is locked with a password: save it without one and give that.",
    "damaged": "This is no workbook that can be read, or it is damaged: save the sheet as CSV.",
    "empty": "This workbook has no sheet with anything in it: choose another one.",
    "large": "This workbook is too large to be read: give fewer rows, or save the sheet as CSV.",
}


@dataclass(frozen=True)
class Sheet:
    """sheets: the names of all that can be seen. sheet: the one that was read. csv: as UTF-8."""

    sheets: tuple[str, ...]
    sheet: str
    csv: bytes


def is_one(data: bytes) -> bool:
    """Whether the bytes are those of a workbook: a packed one with its parts, or an old one."""
    if data.startswith(OLE):
        return True
    if not data.startswith(ZIP):
        return False
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return True  # a damaged one gets the sentence for that
    return any(name.startswith("xl/") or name == "content.xml" for name in names)


def read(data: bytes, sheet: str | None = None, cells: int = 9_000_000) -> Sheet:
    """One sheet. sheet: its name; by default the first that holds something.

    cells: the most that a sheet may have. Raises InputError for what is no workbook, is locked,
    empty or too large; BusyError past the deadline of `deadline.work`.
    """
    if data.startswith(ZIP):
        _bounded(data)
    asked = {"sheet": sheet, "memory": MEMORY, "cells": cells}
    told = _run(json.dumps(asked).encode() + b"\n" + data)
    line, _, csv = told.partition(b"\n")
    try:
        found = json.loads(line)
    except ValueError as error:  # it was ended: for its memory, or by what it was given
        raise InputError(REFUSED["large"]) from error
    if "error" in found:
        raise InputError(REFUSED[found["error"]])
    return Sheet(tuple(found["sheets"]), found["sheet"], csv)


def _bounded(data: bytes) -> None:
    """Raises InputError where a packed workbook says that it is too large, or is damaged."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise InputError(REFUSED["damaged"]) from error
    if sum(part.file_size for part in parts) > UNPACKED:
        raise InputError(REFUSED["large"])


def _run(given: bytes) -> bytes:
    """What the reader writes. Raises InputError where it writes too much, BusyError too late."""
    process = subprocess.Popen(
        [sys.executable, "-I", str(READER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    found = bytearray()
    full = threading.Event()

    def write() -> None:
        assert process.stdin is not None
        try:
            with process.stdin as pipe:
                pipe.write(given)
        except BrokenPipeError:
            pass  # it ended before it had read all

    def collect() -> None:
        assert process.stdout is not None
        with process.stdout as pipe:
            while part := pipe.read(2**16):
                if len(found) + len(part) > WRITTEN:
                    full.set()
                    process.kill()
                    return
                found.extend(part)

    threads = [threading.Thread(target=work, daemon=True) for work in (write, collect)]
    for thread in threads:
        thread.start()
    try:
        while any(thread.is_alive() for thread in threads):
            deadline.check()
            threads[1].join(LOOK)
            if not threads[1].is_alive():
                threads[0].join()
    finally:
        process.kill()
        process.wait()
    if full.is_set():
        raise InputError(REFUSED["large"])
    return bytes(found)
