"""Finding people in the word index."""

import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from searchable import TODAY, entry, found, index_in, nobody, row_id

from storage.profile import REGISTRY, Education, Profile, Work
from storage.search import DEFAULT_FIELDS, WEIGHTS, IndexEntry, Removal, SearchIndex, entry_from, parse
from storage.search.documents import NEVER, Facts, to_document
from storage.search.highlight import GAP, highlight


def bakery(index: SearchIndex) -> None:
    """Put four people into two shards."""
    index.apply(
        [
            entry(1, "Managed a bakery in Zürich; C++ and node.js", openings=("Baker",), stages=("hired",), years=9),
            entry(2, "Manager of projects. Bread, then oven.", shard=1, countries=("US-CA",), years=3),
            entry(3, "Oven builder 日本語 (C#)", shard=1, openings=("baker", "pool"), countries=("US", "DE")),
            entry(4, "bread oven", shard=1, ends_on=TODAY, years=3),
        ]
    )


@pytest.mark.parametrize(
    ("query", "people"),
    [
        ("managing", [1, 2]),
        ('"managed"', [1]),
        ("manag*", [1, 2]),
        ("ZURICH", [1]),
        ("zürich", [1]),
        ("c++", [1]),
        ("C#", [3]),
        ("node.js", [1]),
        ("node.j*", [1]),
        ("日本", [3]),
        ("本日", []),
        ("bread oven", [2, 4]),
        ('"bread oven"', [4]),
        ('"oven bread"~2', [2, 4]),
        ('"oven oven"~2', [2, 3, 4]),
        ("bread OR bakery", [1, 2, 4]),
        ("oven -bread", [3]),
        ("NOT oven", [1]),
        ("-oven -bakery", []),
        ("NOT NOT oven", [2, 3, 4]),
        ("NOT (oven OR bakery)", []),
        ("text:oven -skill:oven", [2, 3, 4]),
        ("skill:oven", []),
        ("opening:baker", [1, 3]),
        ("opening:pool", [3]),
        ("stage:hired", [1]),
        ("country:us", [2, 3]),
        ("country:us-ca", [2]),
        ("years:3", [2, 4]),
        ("years:>3", [1]),
        ("years:<=9 NOT country:US", [1, 4]),
    ],
)
def test_a_query_finds_exactly_who_matches(tmp_path: Path, query: str, people: list[int]) -> None:
    """Each operator of the language means in the index what it says."""
    with index_in(tmp_path) as index:
        bakery(index)
        assert found(index, query) == people


def test_an_index_without_a_memory_folder_finds_the_same(tmp_path: Path) -> None:
    """Where the machine has no tmpfs, the process's own memory serves, and nothing lies at rest."""
    with index_in(tmp_path, in_memory=False) as index:
        bakery(index)
        index.save()
        assert found(index, "oven") == [2, 3, 4]
        assert list((tmp_path / "sealed").iterdir()) == []
        assert index.erase([row_id(2)], lambda _: [entry(2, "x", shard=1), entry(3, "oven", shard=1)]) == {1}
        assert found(index, "oven OR x") == [3]


def test_a_memory_less_index_destroys_what_a_former_one_sealed(tmp_path: Path) -> None:
    """Sealed files that nobody keeps up to date must not wait for a key."""
    with index_in(tmp_path) as index:
        bakery(index)
        index.save()
    with index_in(tmp_path, in_memory=False) as index:
        assert index.start([0], lambda number: [entry(1, "bakery", shard=number)]) == {0}
        assert found(index, "bakery") == [1]
    assert list((tmp_path / "sealed").iterdir()) == []
    assert (tmp_path / "index.keys").read_bytes() == b"{}"


def test_expired_people_are_not_found_from_the_next_day_on(tmp_path: Path) -> None:
    """The last day counts; the day after does not."""
    with index_in(tmp_path) as index:
        index.apply([entry(1, "oven", ends_on=TODAY), entry(2, "oven", ends_on=TODAY - timedelta(1)), entry(3, "oven")])
        assert found(index, "oven") == [1, 3]
        assert index.search(parse("oven"), today=TODAY + timedelta(1)).total == 1
        assert index.search(parse("oven"), today=date.max).total == 1


def test_excluded_people_are_missing_from_totals_and_facets_too(tmp_path: Path) -> None:
    """What the index has not heard of yet is taken out inside the query."""
    with index_in(tmp_path) as index:
        bakery(index)
        hits = index.search(None, today=TODAY, exclude={row_id(1), row_id(9)}, facets=True)
        assert hits.total == len(hits.hits) == 3
        assert hits.facets == {"opening": {"baker": 1, "pool": 1}, "stage": {}, "country": {"US": 2, "DE": 1}}


def test_only_allowed_facts_are_searched(tmp_path: Path) -> None:
    """A recruiter limited to an opening finds nobody else's applicants."""
    with index_in(tmp_path) as index:
        bakery(index)
        assert found(index, "NOT zebra", allowed={"opening": ["baker"], "stage": ["hired", "offer"]}) == [1]
        assert found(index, "oven", allowed={"opening": []}) == []
        with pytest.raises(KeyError):
            index.search(None, today=TODAY, allowed={"person": ["x"]})


def test_better_matches_come_first_across_shards(tmp_path: Path) -> None:
    """A weighty field beats the document's text, wherever the person lies."""
    with index_in(tmp_path) as index:
        index.apply([entry(n, "oven and much else", shard=n % 3) for n in range(6)])
        index.apply([IndexEntry(row_id(7), 2, {"skill": "oven", "text": "oven"})])
        first = index.search(parse("oven"), today=TODAY, limit=1)
        assert (first.total, first.hits[0].person) == (7, row_id(7))
        scores = [hit.score for hit in index.search(parse("oven"), today=TODAY).hits]
        assert scores == sorted(scores, reverse=True)


def test_pages_follow_on_each_other(tmp_path: Path) -> None:
    """Every hit is on exactly one page, and the total is the same on each."""
    with index_in(tmp_path) as index:
        index.apply([entry(n, "oven " * (1 + n % 4), shard=n % 3) for n in range(10)])
        pages = [index.search(parse("oven"), today=TODAY, limit=4, offset=at) for at in (0, 4, 8, 12)]
        assert [len(page.hits) for page in pages] == [4, 4, 2, 0]
        assert {page.total for page in pages} == {10}
        assert len({hit.person for page in pages for hit in page.hits}) == 10


def test_an_empty_index_finds_nobody(tmp_path: Path) -> None:
    """No shard, no hit, no error."""
    with index_in(tmp_path) as index:
        assert index.search(parse("oven"), today=TODAY, facets=True).total == 0
        assert index.document_frequency("oven") == 0
        assert index.terms_of(0) == frozenset()


def test_a_change_replaces_what_was_known(tmp_path: Path) -> None:
    """A corrected person is found by the new words only, also in another shard; the last of several changes counts."""
    with index_in(tmp_path) as index:
        index.apply([entry(1, "oven")])
        index.apply([entry(1, "bread"), entry(1, "dough", shard=4)])
        assert (found(index, "oven OR bread"), found(index, "dough")) == ([], [1])
        assert index.people() == {0: 0, 4: 1}
        assert index.stale_shards() == {0}
        index.apply([Removal(row_id(1)), Removal(row_id(9))])
        assert found(index, "dough") == []


def test_a_shard_is_picked_that_has_room(tmp_path: Path) -> None:
    """Places are kept for those who were promised one, so that shards stay small."""
    with index_in(tmp_path) as index:
        assert [index.pick_shard() for _ in range(4)] == [0, 0, 0, 1]
        index.apply([entry(n, "oven", shard=n // 3) for n in range(4)])
        assert [index.pick_shard() for _ in range(3)] == [1, 1, 2]


def test_searches_run_beside_changes_and_rebuilds(tmp_path: Path) -> None:
    """Whoever searches while shards are changed and swapped sees whole states only and no error."""
    with index_in(tmp_path) as index:
        people = [entry(n, "oven constant", shard=n % 2) for n in range(6)]
        index.apply(people)
        done, totals, errors = threading.Event(), [0], []

        def search() -> None:
            while not done.is_set():
                try:
                    totals.append(index.search(parse("constant"), today=TODAY).total)
                except Exception as error:  # noqa: BLE001 - whatever it is, the test must show it
                    errors.append(error)

        threads = [threading.Thread(target=search) for _ in range(3)]
        for thread in threads:
            thread.start()
        for round_ in range(8):
            index.apply([entry(10 + round_, "other", shard=0)])
            index.rebuild([0, 1], lambda number: [one for one in people if one.shard == number])
        done.set()
        for thread in threads:
            thread.join()
        assert errors == []
        assert set(totals[1:]) == {6}


def test_what_is_searchable_follows_from_the_registry() -> None:
    """Each field with a search name gives its words; the others give none."""
    profile = Profile(
        name="Ada Example",
        emails=("ada@example.org",),
        phones=("+15550100",),
        work=(Work(employer="Example Bakery", title="Baker", start="2019-02", current=True), Work(title="Cook")),
        education=(Education(institution="Example School", degree="BSc", level=6),),
        skills=("Dough", "Ovens"),
    )
    made = entry_from(profile, "whole text", Facts(), person=row_id(1), shard=2, ends_on=date(2027, 1, 1))
    assert made.texts == {
        "name": "Ada Example",
        "email": "ada@example.org",
        "work": "Example Bakery. Baker. 2019-02\nCook",
        "school": "Example School. BSc",
        "skill": "Dough\nOvens",
        "text": "whole text",
    }
    assert (made.shard, made.expires_on) == (2, date(2027, 1, 1).toordinal())
    assert entry_from(Profile(), "", Facts(), person=row_id(1), shard=0, ends_on=None).expires_on == NEVER
    assert set(WEIGHTS) == {mark.search for mark in REGISTRY.values() if mark.search}
    assert "Ada" not in repr(made)


def test_fields_without_weight_are_found_by_name_only(tmp_path: Path) -> None:
    """An address is not stumbled upon, but found by whoever asks for it."""
    with index_in(tmp_path) as index:
        index.apply([IndexEntry(row_id(1), 0, {"email": "ada@example.org"})])
        assert "email" not in DEFAULT_FIELDS
        assert (found(index, "ada"), found(index, "email:ada@example.org")) == ([], [1])


def test_a_text_of_an_unknown_field_is_refused_and_nothing_is_changed(tmp_path: Path) -> None:
    """A field outside the registry is a mistake of ours, found at once."""
    with pytest.raises(KeyError):
        to_document(IndexEntry(row_id(1), 0, {"salary": "9"}))
    with index_in(tmp_path) as index:
        index.apply([entry(1, "oven")])
        with pytest.raises(KeyError):
            index.apply([entry(1, "bread"), IndexEntry(row_id(2), 0, {"salary": "9"})])
        with pytest.raises(KeyError):
            index.rebuild([0], lambda _: [IndexEntry(row_id(2), 0, {"salary": "9"})])
        assert found(index, "oven") == [1]


def test_odd_texts_are_indexed_without_error(tmp_path: Path) -> None:
    """Unpaired surrogates, zero bytes, ligatures and soft hyphens are what readers meet."""
    with index_in(tmp_path) as index:
        index.apply([entry(1, "\ud800 zero\x00byte o\ufb03ce ba\u00adker " + "x" * 70_000)])
        assert found(index, "office baker byte") == [1]


def test_highlights_mark_what_was_found_by() -> None:
    """Stems, phrases, prefixes and near words are marked where they stand; words under NOT and of other fields not."""
    text = "Managed the hard cheese. Bread and oven. Baker"
    node = parse('manage "hard cheese" bak* "oven bread"~1 -the skill:and stage:hired')
    pieces = highlight(text, node, field="text")
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, hit in pieces if hit] == ["Managed", "hard cheese", "Bread", "oven", "Baker"]


def test_highlights_reach_over_accents_signs_and_scripts() -> None:
    """Places are counted in characters, whatever stands before them."""
    pieces = highlight("😀 Ｚürich, straße in C++/node.js 日本語", parse("zurich STRASSE c++ node.js 日本"))
    assert [piece for piece, hit in pieces if hit] == ["Zürich", "straße", "C++", "node.js", "日本"]


def test_long_texts_give_their_best_snippets() -> None:
    """Places that show most of the query win, in the order of the text, with gaps between them."""
    filler = "nothing of note here " * 30
    text = f"{filler}oven {filler}oven and bread {filler}bread {filler}"
    pieces = highlight(text, parse("oven bread"), snippets=2, around=30)
    assert [piece for piece, hit in pieces if hit] == ["oven", "oven", "bread"]
    assert [piece for piece, _ in pieces].count(GAP) == 3
    assert highlight("oven " * 500, parse("oven"), snippets=1, around=20)[0] == ("oven", True)


def test_overlapping_hits_are_marked_once() -> None:
    """A word inside a phrase is not shown twice."""
    pieces = highlight("hard cheese cheese", parse('"hard cheese" cheese'))
    assert pieces == [("hard cheese", True), (" ", False), ("cheese", True)]


def test_a_text_without_hits_gives_its_beginning() -> None:
    """So does a page that was not searched for words."""
    text = "word " * 100
    assert highlight(text, parse("oven"), around=10) == [("word " * 4 + "word", False), (GAP, False)]
    assert highlight("short", None) == [("short", False)]
    assert highlight("", parse("oven")) == []


def test_an_erasure_of_unknown_people_changes_nothing(tmp_path: Path) -> None:
    """Only shards that knew someone are remade."""
    with index_in(tmp_path) as index:
        index.apply([entry(1, "oven")])
        assert index.erase([row_id(2)], nobody) == frozenset()
        assert found(index, "oven") == [1]
