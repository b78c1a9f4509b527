"""Sentiment: what a visitor reads of one review and of a table; their words stay theirs."""

import csv
import gzip
import io
import json
import logging
import re
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from models import catalog, engine
from models.sentiment import MOST, explain, predict, running
from models.sentiment.explain import METHODS
from models.sentiment.reading import Read
from pages.parts.state.ours import Findings
from pages.sentiment import marks, truth
from pages.sentiment import table as sentiment_table
from pages.sentiment.made import Case
from pages.sentiment.samples import REVIEWS, SAMPLES
from pages.sentiment.write import FIELD, sentence
from tests.conftest import Busy
from tests.helpers import ROOT, filled, page_code
from tests.visit import alts, errors, heading, state, visit

PAGE = "sentiment"
FIRST = FIELD.first
SECRET = "Xanthippe Quillfeather"
PARTS = ("Why", "Trust", "Take")
GOOD, BAD = SAMPLES["Praise"], SAMPLES["A bad review"]


def typed(text: str, **query: str) -> AppTest:
    test = visit(PAGE, **query)
    test.text_area(FIELD.line).set_value(text)
    return test.run()


def given(data: bytes | str, name: str = "reviews.csv", **query: str) -> AppTest:
    test = visit(PAGE, **({"part": "Take"} | query))
    data = data.encode() if isinstance(data, str) else data
    test.file_uploader[0].set_value([(name, data, "text/csv")])
    return test.run()


def table(texts: list[str], column: str = "review") -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["id", column, "stars"])
    writer.writerows([i, text, 1 + i % 5] for i, text in enumerate(texts))
    return file.getvalue()


def said(test: AppTest) -> str:
    return " ".join(str(found.value) for found in (*test.markdown, *test.caption, *test.info))


def answers(test: AppTest) -> Any:
    """The table of verdicts, which is the first."""
    frame = test.dataframe[0].value
    assert "verdict" in frame
    return frame


def linked(test: AppTest) -> dict[str, list[str]]:
    """What the link under Take holds."""
    (link,) = (code.value for code in test.code if code.value.partition("?")[1])
    return parse_qs(urlsplit(link).query)


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_is_answered_and_coloured_when_the_page_opens(sample: str) -> None:
    test = visit(PAGE, sample=sample)
    assert errors(test) == []
    assert state(test, FIELD.line) == [SAMPLES[sample]]
    (verdict,), _ = predict(catalog.load(PAGE), [SAMPLES[sample]])
    assert heading(test) == sentence(verdict)
    begins = marks.plain(SAMPLES[sample].split()[0].strip(".,"))
    assert sum(begins in text.value for text in test.markdown) >= 3, "Try and two methods"
    assert any(alt.startswith("Probability by share of the words taken out") for alt in alts(test))


def test_plain_praise_and_a_plain_pan_are_told_apart() -> None:
    assert "**liked it**" in heading(visit(PAGE, sample="Praise"))
    assert "**did not like it**" in heading(visit(PAGE, sample="A bad review"))
    assert "**did not like it**" in heading(visit(PAGE, sample="A pan"))  # its name in old links
    assert "does not read like" in heading(visit(PAGE, sample="Not a review"))


def test_the_colours_follow_the_numbers_and_never_stand_alone() -> None:
    read = Read(
        text="Good and bad, zzqx.",
        spans=[(0, 4), (5, 8), (9, 12), (14, 18)],
        words=["good", "and", "bad", "zzqx"],
        ids=np.array([0, 5, 6, 7, 1]),
        owner=np.arange(4),
        unknown=["zzqx"],
        cut=False,
    )
    shown = marks.coloured(read, [0.9, 0.0, -0.2, 0.0])
    assert shown.startswith(":green-background[**:green[Good\N{NO-BREAK SPACE}:small[++]]**] and ")
    assert ":orange-background[:orange[bad\N{NO-BREAK SPACE}:small[\N{MINUS SIGN}]]]" in shown
    assert shown.endswith("zzqx\N{NO-BREAK SPACE}:small[?]]\\.")


def test_an_own_text_is_answered_and_explained() -> None:
    test = typed("I hated it. A terrible, boring film, and the worst ending that I ever saw.")
    assert errors(test) == []
    assert "**did not like it**" in heading(test)
    assert state(test, "sample") == [None]
    assert "Rank correlation" in said(test)


@pytest.mark.parametrize("text", ["", " \n\t ", "?!", "😀 🙃", "word " * MOST], ids=str.__len__)
@pytest.mark.parametrize("part", PARTS)
def test_what_cannot_be_read_gets_one_sentence_and_costs_nothing_else(text: str, part: str) -> None:
    test = typed(text, part=part)
    (error,) = errors(test)
    assert re.fullmatch(r"[A-Z][^\n]*[.]", error)
    assert heading(test) == ""
    assert test.tabs
    assert test.file_uploader
    if part == "Trust":
        assert "as they were meant" in said(test)
    test.pills("sample").select("A bad review").run()
    assert errors(test) == []
    assert "**did not like it**" in heading(test)


HOSTILE = {
    "one word": "good",
    "one long word": "a" * 3000,
    "other scripts": "مرحبا بالعالم 你好 世界 good",
    "control signs": "a good\x00b film\x07c \x1b[31m",
    "tags": "<script>alert(1)</script> <b>bold</b> a film <img src=x onerror=alert(1)>",
    "Markdown": "**bold** [link](https://example.org) `code` $x^2$ :red[red] a good film # a",
    "formula": "=1+1 @cell -2 +3 good",
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_typed_gets_an_honest_answer(text: str, part: str) -> None:
    test = typed(text, part=part)
    assert len(errors(test)) <= 1
    assert heading(test) or errors(test)
    assert "<b>" not in said(test)
    assert not re.search(r"(?<!\\)\]\(\s*https", said(test)), "a link of theirs"


def test_trust_shows_how_it_does_on_sentences_of_each_kind() -> None:
    test = visit(PAGE, part="Trust")
    (said,) = (alt for alt in alts(test) if alt.startswith("Says what was meant, by kind"))
    assert "negated praise 9" in said
    assert "reported as wrong" in said


def test_a_text_of_the_full_length_is_answered_in_moments() -> None:
    test = visit(PAGE, part="Take")
    for name, text in filled(MOST).items():
        # In seconds of the processor, which other work on this machine does not lengthen.
        began = time.process_time()
        test.text_area(FIELD.line).set_value(text).run()
        assert time.process_time() - began < 4, name
        assert heading(test) or len(errors(test)) == 1, name


LONG = "It was a good film, but I would not see it again. " * 90


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many ids the network read with each question: its time on any machine, busy or not."""
    counts: list[int] = []
    infer = engine.infer

    def counted(model: Any, feeds: Any, **more: Any) -> Any:
        counts.append(feeds["ids"].size)
        return infer(model, feeds, **more)

    monkeypatch.setattr(engine, "infer", counted)
    return counts


def test_a_review_of_a_thousand_words_is_answered_at_once_and_explained_in_bounded_work(
    asked: list[int],
) -> None:
    test = visit(PAGE, part="Take")
    asked.clear()
    test.text_area(FIELD.line).set_value(LONG)
    test.run(timeout=600)
    assert errors(test) == []
    assert heading(test)
    assert "more words" in said(test)
    assert "done under Why" in said(test)
    assert 0 < sum(asked) < explain.QUICK
    test = visit(PAGE, part="Why")
    asked.clear()
    test.text_area(FIELD.line).set_value(LONG)
    test.run(timeout=600)
    assert errors(test) == []
    assert "done under Why" not in said(test), "the text above has its colours too"
    assert "Rank correlation" in said(test)
    ids = len(running.reader(catalog.load(PAGE)).read(LONG).ids)
    # Each of at most 150 groups is left out, and 28 steps go for two methods and five shuffles.
    assert 150 * ids < sum(asked) < (151 + 7 * 29) * ids + explain.QUICK
    assert max(asked) <= 2 * running.IDS


def test_a_long_review_whose_colours_were_stopped_keeps_its_answer() -> None:
    test = visit(PAGE, part="Why")
    names = ("Leave one out", "Integrated gradients")
    case = Case(LONG.strip(), Findings(None))
    case.words.halt([("words", name) for name in names])
    test.session_state["sentiment_case"] = case.text, case
    test.text_area(FIELD.line).set_value(LONG)
    test.run(timeout=600)
    assert errors(test) == []
    assert heading(test)
    assert case.made == {}
    assert "Stopped before Leave one out and Integrated gradients." in said(test)
    assert "Without *It*" in said(test)
    assert test.button("sentiment_words_go_on")


@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_put_beside_another(method: str) -> None:
    other = next(name for name in METHODS if name != method)
    test = visit(PAGE, part="Why", sample="Mixed", method=method, other=other)
    assert errors(test) == []
    assert f"**{method}**" in said(test)
    assert METHODS[method].cannot in said(test)
    assert re.search(r"Rank correlation of the two methods -?[01]\.\d\d", said(test))
    frame = test.dataframe[0].value
    assert {"word", method, other} <= {*frame.columns}
    assert "gripping" in [*frame["word"]]


def test_a_method_to_which_all_words_are_alike_proves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = "Leave one out"
    flat = replace(
        METHODS[name],
        run=lambda _, read, __: explain.Contributions(np.full(len(read.words), 0.3), 1, 0.0),
    )
    monkeypatch.setitem(METHODS, name, flat)
    test = visit(PAGE, part="Why", sample="Mixed", method=name, other="Gradient")
    assert errors(test) == []
    assert f"To {name} all words are alike" in said(test)
    assert f"**{name}** found the words" not in said(test)
    assert "cannot be compared" in said(test)
    assert "Rank correlation" not in said(test)


def test_a_word_is_taken_out_or_another_put_in_its_place() -> None:
    test = visit(PAGE, part="Why", sample="Not bad", without="1")
    assert "Without *Not*: " in said(test)
    model = catalog.load(PAGE)
    (before,), _ = predict(model, ["Not bad."])
    (after,), _ = predict(model, ["bad."])
    shown = f"{before.positive:.1%} before, **{after.positive:.1%}** after"
    assert shown in said(test)
    test.text_input("sentiment_instead").set_value("Very").run()
    (after,), _ = predict(model, ["Very bad."])
    assert "With *Very* in place of *Not*: " in said(test)
    assert f"**{after.positive:.1%}** after" in said(test)
    test.pills("without_pill").select(2).run()
    assert "in place of *bad*" in said(test)
    test.query_params["part"] = "Take"
    assert linked(test.run())["without"] == ["2"]
    assert "Very" not in str(dict(test.query_params))


@pytest.mark.parametrize("text", ["good", "Brilliant", "Brilliant!", "... awful ?!"])
def test_the_only_word_cannot_be_taken_out_and_that_is_no_error(text: str) -> None:
    test = typed(text, part="Why")
    assert errors(test) == []
    assert heading(test)
    word = max(text.split(), key=len).strip("!")
    test.pills("without_pill").select(2 if text[0] == "." else 1).run()
    assert errors(test) == []
    assert f"Without *{word}* there is no word left to read" in said(test)
    test.text_input("sentiment_instead").set_value("Terrible").run()
    assert errors(test) == []
    assert f"With *Terrible* in place of *{word}*: " in said(test)


@pytest.mark.parametrize("without", ["nan", "0", "-4", "999", "x"])
def test_a_word_that_somebody_typed_into_the_address_does_no_harm(without: str) -> None:
    test = visit(PAGE, without=without, method="Magic", other="", part="Why")
    assert errors(test) == []
    assert "Without *" in said(test)


def test_a_thousand_reviews_are_answered_within_ten_seconds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    texts = [(GOOD if i % 4 else BAD) + f" {i}" for i in range(1000)]
    began = time.perf_counter()
    test = given(table(texts))
    took = time.perf_counter() - began
    with capsys.disabled():
        print(f"\n[1,000 reviews of 45 words: {took:.1f} s]")
    assert errors(test) == []
    frame = answers(test)
    assert len(frame) == 1000
    assert [*frame["row"]] == [*range(2, 1002)]
    assert frame["text"][0] == sentiment_table.shortened(f"{BAD} 0", sentiment_table.SHOWN)
    assert [*frame["verdict"]][:4] == ["did not like it", *["liked it"] * 3]
    assert [metric.value for metric in test.metric][:3] == ["75%", "25%", "0%"]
    assert took < 10 * 3  # promised on two idle cores; those of the tests are shared


def test_a_table_says_the_same_as_one_text() -> None:
    frame = answers(given(table([*SAMPLES.values()])))
    found, _ = predict(catalog.load(PAGE), [*SAMPLES.values()])
    assert frame["probability of liked"].tolist() == pytest.approx(
        [verdict.positive for verdict in found], abs=0.02
    )
    assert [*frame["verdict"]] == [sentiment_table.WORDS[verdict.says] for verdict in found]


def test_a_cell_that_cannot_be_read_gets_its_sentence_and_the_others_their_answer() -> None:
    test = given(table([GOOD, "", "?!", "word " * (MOST // 4), BAD]))
    assert errors(test) == []
    frame = answers(test)
    assert [*frame["verdict"]][::4] == ["liked it", "did not like it"]
    assert all(words.endswith(".") for words in frame["verdict"][1:4])
    assert frame["probability of liked"].isna().tolist() == [False, True, True, True, False]


def labelled(rows: list[tuple[str, str]], name: str = "label") -> AppTest:
    file = io.StringIO()
    csv.writer(file).writerows([("review", name), *rows])
    return given(file.getvalue())


def figures(test: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in test.metric}


def test_shares_of_a_table_add_up_and_rows_left_out_are_named() -> None:
    note = SAMPLES["Not a review"]
    test = given(table([GOOD, "", BAD, note, "?!", "!!"]))
    assert [*figures(test).values()][:3] == ["34%", "33%", "33%"]
    assert "to read or too much: rows 3, 6 and 7." in said(test)


LABELS = {
    "words": ("label", "Positive", "negative."),
    "short words": ("Sentiment", " POS ", "neg"),
    "0 and 1": ("label", "1", "0"),
    "floats": ("label", "1.0", "0.0"),
    "signs": ("polarity", "1", "-1"),
    "yes and no": ("liked", "yes", "No"),
    "turned round": ("is_negative", "0", "1"),
    "stars": ("stars", "5", "2"),
    "stars in words": ("stars", "4.5 stars", "1 star"),
    "of ten": ("rating", "8/10", "3/10"),
}


@pytest.mark.parametrize(("name", "good", "bad"), LABELS.values(), ids=LABELS)
def test_hits_are_counted_where_a_column_says_what_is_true(name: str, good: str, bad: str) -> None:
    test = labelled([(GOOD, good), (BAD, bad), (GOOD, bad), (BAD, bad)], name)
    assert errors(test) == []
    if name in ("liked", "is_negative"):  # such a name is guessed for no column of labels
        test.selectbox(f"{PAGE}_truth").set_value(name).run()
    found = figures(test)
    assert found["as the label says"] == "75%"
    assert found["against it"] == "25%"
    assert found["not decided"] == "0%"
    assert "Against the truth**, 4 rows" in said(test)
    meant = ["liked it", "did not like it", "did not like it", "did not like it"]
    assert [*answers(test)["truth"]] == meant


def test_a_middle_label_is_not_counted_and_a_missing_one_is_named() -> None:
    rows = [(GOOD, "5"), (BAD, "1"), (GOOD, "3"), (GOOD, "3"), (BAD, ""), ("", "4")]
    test = labelled(rows, "stars")
    assert errors(test) == []
    assert "Against the truth**, 2 rows" in said(test)
    assert figures(test)["as the label says"] == "100%"
    assert "neither, and not counted: 3" in said(test)
    assert "have no label: row 6." in said(test)
    assert "too much: row 7." in said(test)


@pytest.mark.parametrize("values", [("A", "B"), ("2", "1"), ("4", "0"), ("ja", "nein")])
def test_labels_that_could_be_meant_either_way_are_asked_for(values: tuple[str, str]) -> None:
    good, bad = values
    test = labelled([(GOOD, good), (BAD, bad), (BAD, good)])
    assert errors(test) == []
    assert "say which is which" in said(test)
    assert "as the label says" not in figures(test)
    assert len(answers(test)) == 3
    test.multiselect(f"{PAGE}_good_label").set_value([good.casefold()]).run()
    test.multiselect(f"{PAGE}_bad_label").set_value([bad.casefold()]).run()
    assert errors(test) == []
    assert figures(test)["as the label says"] == "67%"
    assert figures(test)["against it"] == "33%"


def test_other_columns_are_no_truth() -> None:
    rows = "".join(f'{i},"{GOOD}",{i % 2}\n' for i in range(40))
    test = given(f"id,review,seen\n{rows}")
    box = test.selectbox(f"{PAGE}_truth")
    assert box.value == "none"
    assert [*box.options] == ["none", "seen"]
    assert "truth" not in answers(test)
    test = given("id,review\n1,A good film\n2,A bad film\n")
    assert test.selectbox(f"{PAGE}_truth").value == "none"


def test_a_strangers_labels_are_never_markdown() -> None:
    hostile = "![x](https://example.org/a.png)"
    test = labelled([(GOOD, hostile), (BAD, "**b**")], "label [a](https://example.org)")
    assert errors(test) == []
    key = "label [a](https://example.org)"
    test.multiselect(f"{PAGE}_good_{key}").set_value([hostile.casefold()]).run()
    test.multiselect(f"{PAGE}_bad_{key}").set_value(["**b**"]).run()
    assert errors(test) == []
    assert figures(test)["as the label says"] == "100%"
    assert "](https" not in said(test)


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        ([1, 1, 1], [34, 33, 33]),
        ([2, 1, 0], [67, 33, 0]),
        ([0, 0, 0], [0, 0, 0]),
        ([1, 5, 1], [14, 72, 14]),
        ([997, 2, 1], [100, 0, 0]),
        ([333, 333, 334], [33, 33, 34]),
    ],
)
def test_whole_per_cents_add_up_to_a_hundred(counts: list[int], shares: list[int]) -> None:
    assert truth.hundred(counts) == shares
    assert sum(shares) == (100 if sum(counts) else 0)


def test_row_numbers_are_named_in_stretches() -> None:
    assert truth.rows([4]) == "row 4"
    assert truth.rows([9, 3, 4, 5]) == "rows 3 to 5 and 9"
    assert truth.rows([2, 3]) == "rows 2 and 3"
    many = truth.rows([*range(2, 2000, 2)])
    assert many.endswith(f"24 and {999 - 12} more")


def test_direction_signs_of_a_cell_stay_out_of_the_table() -> None:
    test = given(table([f"\u202e{GOOD}\u2066\x07", GOOD]))
    assert [*answers(test)["text"]] == [sentiment_table._beginning(GOOD)] * 2
    assert not {"\u202e", "\u2066", "\x07"} & set("".join(answers(test)["text"]))


@pytest.mark.parametrize(
    ("header", "guess"),
    [
        ("id,review,title", "review"),
        ("Comments,long,id", "Comments"),
        ("id,long,review_text", "review_text"),
        ("a,b,c", "b"),
    ],
)
def test_the_column_of_texts_is_guessed_and_may_be_changed(header: str, guess: str) -> None:
    cell = {"a": "one thing", "b": GOOD, "c": "so so", "long": GOOD, "id": "7"}
    row = ",".join(f'"{cell.get(name, "a good film")}"' for name in header.split(","))
    test = given(f"{header}\n{row}\n{row}\n")
    box = test.selectbox(f"{PAGE}_column")
    assert box.value == guess
    assert "id" not in box.options
    other = next(name for name in box.options if name != guess)
    box.set_value(other).run()
    assert errors(test) == []
    shown = answers(test)["text"][0]
    assert shown.startswith(cell.get(other, "a good film")[:20])


REFUSED = {
    "no texts": ("id,stars\n1,5\n2,3\n", "None of the 2 columns"),
    "one column of numbers": ("stars\n5\n3\n", "only column"),
    "empty": ("", "empty"),
    "ragged": (f"id,text\n1,{GOOD.replace(',', '')}\n2\n", "Row 3 has 1 cell"),
    "a workbook": (b"PK\x03\x04" + bytes(99), "save the sheet as CSV"),
    "header only": ("id,text\n", "no row"),
    "a million commas": ("," * 10**6, "1,000,001 cells"),
    "too many rows": ("id,text\n" + "1,good film\n" * 200_001, "200,000 rows"),
}


@pytest.mark.parametrize(("data", "says"), REFUSED.values(), ids=REFUSED)
def test_a_bad_table_gets_one_sentence_and_the_text_its_answer(
    data: bytes | str, says: str
) -> None:
    test = given(data, sample="A bad review")
    (error,) = errors(test)
    assert says in error
    assert "**did not like it**" in heading(test)


def test_a_bad_table_leaves_the_one_before_it() -> None:
    test = given(table([GOOD, BAD]))
    test.file_uploader[0].set_value([("next.csv", b"id,stars\n1,5\n", "text/csv")])
    (error,) = errors(test.run())
    assert "None of the 2 columns" in error
    assert [*answers(test)["verdict"]] == ["liked it", "did not like it"]


def test_the_empty_moment_between_two_files_loses_no_table_but_taking_it_away_does() -> None:
    bad = [("next.csv", b"id,stars\n1,5\n", "text/csv")]
    test = given(table([GOOD, BAD]))
    test.file_uploader[0].set_value([]).run()  # as a browser does before it gives the next one
    test.file_uploader[0].set_value(bad).run()
    assert len(errors(test)) == 1
    assert [*answers(test)["verdict"]] == ["liked it", "did not like it"]
    test.file_uploader[0].set_value([]).run()
    test.run()
    assert "sentiment_opened" not in test.session_state
    test.file_uploader[0].set_value(bad).run()
    assert len(errors(test)) == 1
    assert not [one for one in test.dataframe if "verdict" in one.value]


def test_other_encodings_and_separators_are_read() -> None:
    text = "id;text\n1;“Ein café” was a good film, I loved it\n"
    for encoding in ("utf-8", "utf-16", "cp1252"):
        test = given(text.encode(encoding))
        assert errors(test) == []
        assert answers(test)["text"][0].startswith("“Ein café” was")
        assert ("not UTF-8" in said(test)) == (encoding == "cp1252")


def test_a_hundred_thousand_rows_are_answered_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentiment_table, "PAUSE", 2 * sentiment_table.CHUNK)
    test = given("text\n" + "A good film\n" * 100_000)
    assert errors(test) == []
    assert "128 of 100,000 reviews are done: go on when you like." in said(test)
    assert len(answers(test)) == 128
    test.button(f"{PAGE}_go_on").click().run()
    assert len(answers(test)) == 256


def test_the_download_holds_no_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    saved: dict[str, Any] = {}
    monkeypatch.setattr(
        st, "download_button", lambda _label, data, *_, **more: saved.update({more["key"]: data})
    )
    harmful = ["=HYPERLINK(1) good film", "+1 good film", "-1 good", "@SUM(1) good film"]
    assert errors(given(table(harmful))) == []
    rows = [*csv.DictReader(io.StringIO(saved[f"{PAGE}_csv"]().decode(), newline=""))]
    assert [row["text"] for row in rows] == [f"'{text}" for text in harmful]
    assert all(0 <= float(row["probability of liked"]) <= 1 for row in rows)


def test_a_table_that_is_taken_away_leaves_nothing() -> None:
    test = given(table([f"{SECRET} liked it a lot"] * 3))
    assert SECRET in answers(test)["text"][0]
    assert SECRET in repr(test.session_state)
    test.file_uploader[0].set_value([])
    test.run()
    assert errors(test) == []
    assert [one for one in test.dataframe if "verdict" in one.value] == []
    test.run()  # as the page does by itself a moment later
    assert SECRET not in repr(test.session_state)


def test_trust_answers_the_samples_now_and_shows_the_cards_figures() -> None:
    test = visit(PAGE, part="Trust")
    assert errors(test) == []
    model = catalog.load(PAGE)
    found, _ = predict(model, [*SAMPLES.values()])
    frame = test.dataframe[0].value
    assert [*frame["it says"]] == [sentiment_table.WORDS[verdict.says] for verdict in found]
    right = sum(v.says == one.meant for v, one in zip(found, REVIEWS.values(), strict=True))
    assert [*frame["right"]].count("yes") == right
    assert f"{right} of {len(REVIEWS)} as they were meant" in said(test)
    sentences = " ".join(alts(test))
    for name in ("Right, by stars", "Right, by words", "Right against said", "Accuracy of every"):
        assert name in sentences
    value = model.card.metric("accuracy", "test", model.card.serves["cpu"]).value
    assert f"all: {value:.1%}".lower() in sentences.lower()
    assert all(limit in said(test) for limit in model.card.limits)


def test_the_worst_mistakes_stand_by_number_whatever_lies_on_the_host(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    row = catalog.load(PAGE).card.tables["mistakes"].rows[0]
    review = {"id": int(float(row[0] or 0)), "rating": int(float(row[1] or 0)), "text": SECRET}
    (tmp_path / "imdb").mkdir()
    packed = gzip.compress(json.dumps(review).encode())
    (tmp_path / "imdb" / "imdb_test.jsonl.gz").write_bytes(packed)
    monkeypatch.setenv("GLASSBOX_DATA", str(tmp_path))  # which is for training alone
    test = visit(PAGE, part="Trust")
    assert errors(test) == []
    assert "not ours to show" in said(test)
    assert SECRET not in said(test)
    assert not [box for box in test.selectbox if box.key == "sentiment_mistake"]


def test_a_link_restores_sample_and_settings() -> None:
    test = visit(PAGE, sample="Irony", part="Why")
    test.selectbox("method").set_value("Gradient").run()
    test.query_params["part"] = "Take"
    link = {key: values[0] for key, values in linked(test.run()).items()}
    assert link["sample"] == "Irony"
    other = visit(PAGE, **(link | {"part": "Why"}))
    assert errors(other) == []
    assert heading(other) == heading(test)
    assert other.selectbox("method").value == "Gradient"


def test_own_text_is_in_a_link_only_when_asked_for_and_is_restored() -> None:
    test = typed(f"{SECRET} was wonderful in it", part="Take")
    assert all("?" not in code.value for code in test.code)
    next(one for one in test.button if one.label.startswith("Make a link")).click().run()
    link = linked(test)
    assert link["text"] == [f"{SECRET} was wonderful in it"]
    other = visit(PAGE, **{key: values[0] for key, values in link.items()})
    assert errors(other) == []
    assert heading(other) == heading(test)
    other.text_area(FIELD.line).set_value("Something else").run()
    assert SECRET not in str(dict(other.query_params))


@pytest.mark.parametrize("part", PARTS)
def test_nothing_typed_is_logged_addressed_or_kept(
    part: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    test = typed(f"{SECRET} was wonderful in it", part=part)
    assert errors(test) == []
    assert SECRET not in caplog.text
    assert SECRET not in str(dict(test.query_params))
    assert SECRET not in said(visit(PAGE, part=part))


@pytest.mark.parametrize("number", [1, 2, 3])
def test_experiments_set_the_page(number: int) -> None:
    test = visit(PAGE, part="Take", sample="Praise")
    test.button(f"{PAGE}_experiment_{number}").click().run()
    assert errors(test) == []
    assert state(test, "part") == ["Why"]
    sample = ("Not bad", "Irony", "Mixed")[number - 1]
    assert state(test, FIELD.line) == [SAMPLES[sample]]
    if number == 1:
        assert "Without *Not*" in said(test)


@pytest.mark.parametrize("part", PARTS)
def test_a_busy_machine_says_so_and_the_text_stays(part: str, busy: Busy) -> None:
    del busy
    test = visit(PAGE, part=part)
    assert len(set(errors(test))) == 1
    assert state(test, FIELD.line) == [SAMPLES[FIRST]]


def test_the_lines_of_python_run() -> None:
    code = page_code(PAGE)
    assert len(code.splitlines()) == 6
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["liked", "disliked"]


def test_the_coloured_words_are_those_that_were_written() -> None:
    styled = "\U0001d41b\U0001d41a\U0001d41d"
    test = typed(f"I didn\u00b4t like it. A bo\u200bring cliche\u0301, and {styled}.")
    assert errors(test) == []
    assert "**did not like it**" in heading(test)
    shown = said(test)
    for written in ("didn\u00b4t", "boring", "cliche\u0301", styled):
        assert written in shown
    assert "didn\\'t" not in shown
