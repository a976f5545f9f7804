"""Values of an older shape: read as today's, sealed again in the background, left alone where somebody was faster."""

from dataclasses import replace
from typing import Any

import pytest
from houses import Live, on_record, put_on_record
from sqlalchemy import select

from intake.desk import resealing
from intake.desk.doctor.records import look_at_records
from intake.installation import Installation
from intake.keeper.rewriting import witness_of
from storage.models import Mail, Person, PersonField
from storage.profile import Profile
from storage.queries import people
from storage.seal import VERSION, Sealed, Sealer, read_header

LATER = {"summary": (lambda said: f"{said}!", lambda said: f"<{said}>"), "mail_message": (lambda said: said,)}
"""Two later shapes of one field, and one of the messages."""
PROFILE = Profile(name="Jane Example", summary="Weaver", emails=("jane@example.org",))


def later(live: Live, shapes: Any = LATER) -> Installation:
    """The same installation as a later program sees it."""
    sealer = Sealer(live.house.vault.sealer.installation, shapes)
    return replace(live.house, vault=replace(live.house.vault, sealer=sealer))


def summarys(live: Live) -> list[PersonField]:
    """Every sealed summary."""
    wanted = select(PersonField).where(PersonField.name == "summary").order_by(PersonField.id)
    return list(on_record(live, lambda session: session.scalars(wanted).all()))


def shown(live: Live, house: Installation, person_id: bytes) -> str:
    """The person's summary as this program shows it."""

    def look(session: Any) -> str:
        person = session.get(Person, person_id)
        return str(house.vault.open_profile(house.vault.key_of(person), people.find_fields(session, person_id)).summary)

    return str(on_record(live, look))


@pytest.fixture(autouse=True)
def nobody_is_there(live: Live) -> None:
    """Each test brings its own values."""
    with live.house.database.writing() as session:
        session.query(PersonField).delete()
        session.query(Mail).delete()


def test_an_older_shape_is_shown_as_todays_and_sealed_again_in_batches(live: Live) -> None:
    """What was sealed before is shown in today's shape at once; afterwards it lies in it too, and nothing is left."""
    taken = [put_on_record(live, PROFILE) for _ in range(5)]
    house = later(live)
    assert shown(live, house, taken[0].person.id) == "<Weaver!>"
    assert resealing.count_old(house) == {"person_field.value": 5}
    steps = list(resealing.reseal_everything(house, "operator", batch=2))
    assert [(one.done, one.total, one.unopened) for one in steps] == [(2, 5, 0), (4, 5, 0), (5, 5, 0)]
    assert {read_header(row.value).shape for row in summarys(live)} == {2}
    assert {shown(live, house, one.person.id) for one in taken} == {"<Weaver!>"}
    assert resealing.count_old(house) == {}
    assert list(resealing.reseal_everything(house, "operator")) == []


def test_resealing_that_was_cut_short_goes_on_where_it_stopped(live: Live) -> None:
    """The values themselves say what is left to do."""
    for _ in range(3):
        put_on_record(live, PROFILE)
    house = later(live)
    next(resealing.reseal_everything(house, "operator", batch=1))
    assert resealing.count_old(house) == {"person_field.value": 2}
    assert [one.total for one in resealing.reseal_everything(house, "operator", batch=1)] == [2, 2]
    assert resealing.count_old(house) == {}


def test_a_value_of_an_older_version_of_the_format_is_old_and_one_of_a_newer_is_left_alone(live: Live) -> None:
    """The header's version counts too, though no older one was ever written; a newer shape is not this program's."""
    put_on_record(live, PROFILE)
    put_on_record(live, PROFILE)
    first, second = summarys(live)
    with live.house.database.writing() as session:
        session.get_one(PersonField, first.id).value = Sealed(bytes((VERSION - 1,)) + first.value[1:])
        session.get_one(PersonField, second.id).value = Sealed(second.value[:2] + b"\x09" + second.value[3:])
    assert resealing.count_old(live.house) == {"person_field.value": 1}
    (step,) = resealing.reseal_everything(live.house, "operator")
    assert (step.done, step.unopened) == (0, 1)
    assert summarys(live)[1].value[2] == 9


def test_what_changed_meanwhile_is_not_replaced(live: Live) -> None:
    """A correction made between reading and replacing stays."""
    taken = put_on_record(live, PROFILE)
    house = later(live)
    (before,) = summarys(live)
    (place,) = [p for p in resealing.resealing.sealed_columns() if p.title == "person_field.value"]
    with live.house.database.reading() as session:
        (old,) = resealing.resealing.find_old(session, place, VERSION, {"summary": 2}, after=None, limit=9)
    with live.house.database.writing() as session:
        person = session.get_one(Person, taken.person.id)
        corrected = replace(PROFILE, summary="Baker")
        key = house.vault.key_of(person)
        session.get_one(PersonField, before.id).value = live.house.vault.seal_field(
            key, before.id, corrected, "summary"
        )
    with live.house.database.writing() as session:
        assert not resealing.resealing.replace_sealed(session, place, old, before.value)
    assert shown(live, house, taken.person.id) == "<Baker!>"


def test_what_nobody_can_open_stays_and_is_counted(live: Live) -> None:
    """An erased person's leftover opens for nobody; everybody else's is brought up to date. The doctor tells."""
    gone, there = put_on_record(live, PROFILE), put_on_record(live, PROFILE)
    house = later(live)
    live.house.vault.keystore.destroy([gone.person.key_id], witness_of(live.house))
    assert "shapes" in [found.check for found in look_at_records(house) if found.level.value == "warn"]
    (step,) = resealing.reseal_everything(house, "operator")
    assert (step.done, step.unopened) == (1, 1)
    assert shown(live, house, there.person.id) == "<Weaver!>"
