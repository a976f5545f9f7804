"""On what bases an application is taken in: those of the policy, and the consents that were given."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.desk.notices import notice_in_force
from intake.desk.submit import Prepared, Submission, store
from intake.opening import open_installation
from intake.settings import load_settings
from storage.identifiers import new_id
from storage.profile import Profile, Reading, Verdict
from storage.queries import bases
from storage.vocabulary import Basis, Channel, Source

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.promise("N3")
@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("default", {"application": Basis.CONTRACT}),
        (
            "uk-charity",
            {
                "application": Basis.CONTRACT,
                "claims": Basis.LEGITIMATE_INTEREST,
                "impact": Basis.LEGITIMATE_INTEREST,
            },
        ),
        ("us-public-sector", {"application": Basis.CONTRACT, "duty": Basis.LEGAL_OBLIGATION}),
        ("us-job-board", {"application": Basis.CONTRACT, "records": Basis.LEGAL_OBLIGATION}),
        ("us-staffing", {"application": Basis.CONTRACT}),
    ],
)
def test_an_application_comes_under_every_basis_that_is_not_asked_for(
    tmp_path: Path, policy: str, expected: dict[str, Basis]
) -> None:
    """Each purpose of the policy that does not rest on consent is live from the start; consents only where given."""
    settings = load_settings(data=tmp_path / "data", keys=tmp_path / "keys", policy=policy)
    house, stack = open_installation(settings, clock=lambda: NOON, is_serving=False)
    with stack:
        submission = Submission(
            data=b"x",
            file_name="cv.txt",
            opening="",
            source=Source.PERSON,
            channel=Channel.FORM,
            country="GB",
            language="en",
            notice=notice_in_force(house, "en"),
            consents=("pool",),
        )
        reading = Reading(Verdict.OK, kind="text", profile=Profile(name="Ada Example"))
        prepared = Prepared(
            submission, new_id(), new_id(), house.vault.new_key(), "blob", "text", b"\0" * 32, reading, is_pending=False
        )
        with house.database.writing() as session:
            taken = store(session, house, prepared)
            live = bases.find_live(session, taken.person.id, house.today())
            told = {event.purpose: event.basis for event in live}
    assert told == expected | {"pool": Basis.CONSENT}
