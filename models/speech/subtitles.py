"""Words with their times as subtitles: SRT and WebVTT."""

from collections.abc import Sequence

from models.speech.words import Word

LONG, SECONDS, GAP = 42, 5.0, 0.8  # signs and seconds of a line; a pause after which one begins


def lines(words: Sequence[Word]) -> list[tuple[float, float, str]]:
    """Start, end and text of each line."""
    found: list[list[Word]] = []
    for word in words:
        line = found[-1] if found else []
        text = " ".join([*(one.text for one in line), word.text])
        full = len(text) > LONG or (line and word.end - line[0].start > SECONDS)
        ended = line and (line[-1].text[-1:] in ".?!" or word.start - line[-1].end > GAP)
        if not line or full or ended:
            found.append([word])
        else:
            line.append(word)
    return [
        (line[0].start, max(line[-1].end, line[0].start + 0.1), " ".join(w.text for w in line))
        for line in found
    ]


def _time(seconds: float, sign: str) -> str:
    whole = round(seconds * 1000)
    minutes, rest = divmod(whole, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}{sign}{rest % 1000:03}"


def srt(words: Sequence[Word]) -> str:
    """SubRip."""
    return "".join(
        f"{number}\n{_time(start, ',')} --> {_time(end, ',')}\n{text}\n\n"
        for number, (start, end, text) in enumerate(lines(words), 1)
    )


def vtt(words: Sequence[Word]) -> str:
    """WebVTT; a text of strangers may hold signs that it reads as tags."""
    signs = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
    return "WEBVTT\n\n" + "".join(
        f"{_time(start, '.')} --> {_time(end, '.')}\n{text.translate(signs)}\n\n"
        for start, end, text in lines(words)
    )
