"""The promises about forms, rights, staff and what people owe, each through the front door. Ids as elsewhere.

Over one installation under the charity's profile, and one under the agency's; the same flows run on both databases in
``tests/e2e``.
"""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from houses import living, staff_of
from installations import (
    PASSWORD,
    Running,
    apply_by_page,
    find_candidates,
    open_own_page,
    post_application,
    ready_staff,
    running,
)
from plain_browser import Page, PlainBrowser

from intake.access.actors import STAFF_COOKIE
from intake.desk import policies
from intake.desk.contact_ways import may_contact
from intake.desk.refusals import Refusal
from intake.keeper.mailing import open_message
from intake.web.apply.collection import tell_collection
from retention.policy.controls import CONTROLS
from retention.policy.load import load_policy, parse_policy, read_bundled
from retention.policy.problems import PolicyError
from retention.policy.wording import CATEGORIES
from storage.keystore import KeyGone
from storage.models import Enquiry, Mail, Person, Role, Staff, Tally
from storage.profile import PROFILE_FIELDS
from storage.queries import people
from storage.vocabulary import Contact

pytestmark = pytest.mark.enable_socket
WORD = "quuxomatic"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An installation under the charity's profile."""
    with running(tmp_path_factory.mktemp("charity"), policy="uk-charity") as installation:
        yield installation


@pytest.fixture(scope="module")
def staff(live: Running) -> PlainBrowser:
    """The first administrator, who recruits and keeps the privacy office too."""
    return ready_staff(live)


def apply_with(live: Running, email: str, **choices: str) -> tuple[Page, PlainBrowser]:
    """Apply under an address of one's own and open one's own page."""
    done = apply_by_page(live.browser(), details={"emails": email}, country="GB", **choices)
    live.work()
    return done, open_own_page(live.browser(), done)


def letters_to(live: Running, email: str) -> list[str]:
    """What was written to an address, oldest first."""
    with live.house.database.reading() as session:
        written = session.query(Mail).order_by(Mail.created_at).all()
        opened = [open_message(session, live.house, mail) for mail in written]
    return [str(message.get_content()) for message in opened if message is not None and message["To"] == email]


def is_on_record(live: Running, email: str) -> bool:
    """Whether somebody with this address is on record."""
    with live.house.database.reading() as session:
        return bool(people.find_by_digest(session, live.house.vault.address_digest(email), 1))


@pytest.mark.promise("C1")
def test_every_kind_of_data_that_is_held_is_named(live: Running) -> None:
    """The notice names each category of the policy, and nothing of a profile is held outside of them."""
    words = live.browser().open("/notice").words()
    policy = live.house.policy
    assert all(CATEGORIES[category.value] in words for category in policy.categories)
    assert {mark.category for mark in PROFILE_FIELDS.values()} <= set(policy.categories)


@pytest.mark.promise("C7")
def test_the_form_says_what_is_needed_why_and_what_follows_without(live: Running) -> None:
    """Of each answer, before anything is given."""
    page = live.browser().open("/apply/pool")
    told = " ".join(node.text(separator=" ") for node in page.tree().css("#at-collection"))
    assert live.house.policy.questions
    for question in live.house.policy.questions:
        for words in (question.label, question.why, question.without):
            assert words.say("en") in told


@pytest.mark.promise("L3")
@pytest.mark.parametrize("profile", ["us-public-sector", "us-job-board"])
def test_each_category_is_told_with_purposes_and_period_at_collection(live: Running, profile: str) -> None:
    """Every category that is collected has its uses and its longest period; the form shows the table of its policy."""
    told = tell_collection(load_policy(profile), "en", str)
    assert {row.category for row in told.collected} == {CATEGORIES[c.value] for c in load_policy(profile).categories}
    assert all(row.longest for row in told.collected)
    shown = live.browser().open("/apply/pool").words()
    own = tell_collection(live.house.policy, "en", str)
    assert all(row.longest in shown and row.category in shown for row in own.collected)


@pytest.mark.promise("C16", "D9")
def test_campaigns_are_counted_and_small_counts_are_not_told(live: Running, staff: PlainBrowser) -> None:
    """By word and day alone: no cookie, no person, nothing told below the smallest count; no tag that is no word."""
    for tag, times in (("fair-2026", 11), ("radio", 3), ("jane@example.org", 2)):
        for _ in range(times):
            answer = live.client().get("/apply/pool", params={"from": tag})
            assert "set-cookie" not in answer.headers
    rows = dict(re.findall(r'<span class="ref">([^<]*)</span></th><td>([^<]*)<', staff.open("/privacy/visits").text))
    assert rows == {"fair-2026": "11", "radio": "too few"}
    assert set(Tally.__table__.columns.keys()) == {"day", "what", "word", "count"}


@pytest.mark.promise("N8")
def test_whoever_used_a_right_is_served_as_before(live: Running, staff: PlainBrowser) -> None:
    """Found where they were found, shown as they were shown, ending no sooner for what they applied for."""
    _, own = apply_with(live, "noa@example.org", pool="on", marketing="on")
    before = find_candidates(staff, WORD)
    own.fetch("/me/everything.zip")
    own.submit(own.open("/me"), "/me/consent/marketing")
    live.work()
    assert before
    assert find_candidates(staff, WORD) == before


@pytest.mark.promise("N10")
def test_a_resume_is_used_for_what_it_was_sent_for_only(live: Running, staff: PlainBrowser) -> None:
    """Without a consent of their own, nobody is found once their application was decided."""
    _, own = apply_with(live, "uma@example.org")
    newest = [path for path in find_candidates(staff, WORD) if "uma@example.org" in _revealed(staff, path)]
    assert len(newest) == 1
    staff.submit(staff.open(newest[0]), "/stage", {"stage": "rejected", "reason": "Another person fits better."})
    live.work()
    assert newest[0] not in find_candidates(staff, WORD)
    assert own.open("/me").status == 200


def _revealed(staff: PlainBrowser, path: str) -> str:
    return staff.submit(staff.open(path), "/reveal", {"purpose": "recruitment"}).words()


@pytest.mark.promise("N11")
def test_what_follows_is_told_before_it_is_confirmed(live: Running) -> None:
    """The page says when the record would end; a confirmation that was not told so changes nothing."""
    _, own = apply_with(live, "ida@example.org", pool="on")
    page = own.open("/me")
    assert "If you withdraw it, your record ends after" in page.words()
    refused = own.submit(page, "/me/consent/pool", {"told": ""})
    assert refused.status == 409
    assert own.submit(own.open("/me"), "/me/consent/pool").status == 200


@pytest.mark.promise("R5")
def test_a_request_for_removal_ends_the_rest(live: Running) -> None:
    """What no law keeps is gone at once, and a page of one's own with it."""
    _, own = apply_with(live, "lea@example.org")
    assert is_on_record(live, "lea@example.org")
    own.submit(own.open("/me"), "/me/erase", {"confirm": "ERASE"})
    live.work()
    assert not is_on_record(live, "lea@example.org")
    assert own.fetch("/me").status_code == 401


@pytest.mark.promise("R7")
def test_a_list_does_not_bring_an_erased_person_back(live: Running) -> None:
    """Only a keyed digest is left, asked by lists alone: whoever applies by themselves is welcome."""
    _, own = apply_with(live, "mia@example.org")
    own.submit(own.open("/me"), "/me/erase", {"confirm": "ERASE"})
    live.night()
    resume = "Mia Example\nmia@example.org\nLondon\n\nSkills\nPython\n"
    assert post_application(live, resume, source="employer", country="GB").json()["code"] == "suppressed"
    assert post_application(live, resume, country="GB").status_code == 201


@pytest.mark.promise("S3")
@pytest.mark.parametrize("password", ["password1234", "Ada Example 1"])
def test_common_passwords_and_ones_own_name_are_refused(tmp_path: Path, password: str) -> None:
    """At the very first account already."""
    from intake.desk.first_start import first_link

    with running(tmp_path) as fresh:
        browser = fresh.browser()
        given = {"name": "Ada Example", "email": "ada@example.org", "password": password, "again": password}
        page = browser.submit(browser.open(f"/setup/{first_link(fresh.house)}"), "/setup", given)
        assert page.status == 422


@pytest.mark.promise("S10")
def test_sessions_are_random_renewed_and_kept_as_digests(live: Running, staff: PlainBrowser) -> None:
    """Each sign-in has a name of its own, which the database does not hold; people are told to keep links safe."""
    tokens = set()
    for _ in range(2):
        browser = live.browser()
        browser.submit(browser.open("/sign-in"), "/sign-in", {"email": "ada@example.org", "password": PASSWORD})
        tokens.add(browser.cookies[STAFF_COOKIE])
    assert len(tokens) == 2
    folder = live.house.settings.data
    held = b"".join(path.read_bytes() for path in folder.rglob("*.db*") if path.is_file())
    assert not [token for token in tokens if token.encode() in held]
    done, _ = apply_with(live, "kim@example.org")
    assert "Keep it to yourself." in done.words()


@pytest.mark.promise("S8", "D15")
def test_what_people_owe_is_assigned_dated_recorded_and_stands_out(live: Running, staff: PlainBrowser) -> None:
    """A review and an assessment: given to somebody by a day, done with a finding, due again a period later."""
    for kind, about in (("review", "security"), ("assessment", "member")):
        path = f"/privacy/duties/{kind}/{about}"
        page = staff.open(path)
        (person,) = [n.attributes["value"] for n in page.tree().css("#assignee option") if n.attributes["value"]]
        assert staff.submit(page, "/assign", {"assignee": str(person), "due_on": "2026-03-09"}).status == 200
        assert (
            staff.submit(staff.open(path), "/assign", {"assignee": str(person), "due_on": "2020-01-01"}).status == 422
        )
        assert "9 March 2026" in staff.open(path).words()
        assert staff.submit(staff.open(path), "/done", {"finding": ""}).status == 422
        staff.submit(staff.open(path), "/done", {"finding": "Keys and accounts were looked at; all is well."})
        again = staff.open(path).words()
        assert "all is well" in again
        assert "2 March 2026" in again
    owed = staff.open("/privacy/promises").words()
    assert "Ada Example" in owed
    assert "2 September 2026" in owed, "the review is due again in half a year"


@pytest.mark.promise("N6")
def test_each_message_leads_to_the_page_of_preferences(live: Running) -> None:
    """What may be switched off is, at once and without signing in; what tells of a request goes on."""
    _, own = apply_with(live, "zoe@example.org", pool="on", marketing="on")
    (letter,) = letters_to(live, "zoe@example.org")
    found = re.search(r"/me/preferences/\S+", letter)
    assert found
    page = live.browser().open(found[0])
    assert page.status == 200
    boxes = page.tree().css("input[type=checkbox]")
    assert boxes
    assert "cannot be switched off" in letter
    assert own.open("/me").status == 200


@pytest.mark.promise("D7")
def test_a_place_outside_without_a_safeguard_is_refused(live: Running) -> None:
    """Where it is stored stands on the notice; a transfer names what protects it, or the policy is none."""
    assert "United Kingdom" in live.browser().open("/notice").words()
    abroad = read_bundled("uk-charity").replace('stored_in = ["GB"]', 'stored_in = ["US"]')
    with pytest.raises(PolicyError, match="name it under transfers with its safeguard"):
        parse_policy(abroad)


@pytest.mark.promise("N1", "N3")
def test_the_privacy_office_shows_each_promise_with_what_the_installation_shows(
    live: Running, staff: PlainBrowser
) -> None:
    """Every id of the policy, its state and its live figure; nothing is contradicted by what is really there."""
    page = staff.open("/privacy/promises")
    for promise in live.house.policy.promises:
        assert page.tree().css_first(f"#{promise}") is not None
    words = html.unescape(page.words())
    assert "past their end" in words
    assert "0 in violation" in words


@pytest.mark.promise("D2")
def test_staff_without_training_open_no_identified_data(tmp_path: Path) -> None:
    """Under the agency's profile: refused until a training is on record."""
    with running(tmp_path, policy="us-staffing") as agency:
        apply_by_page(agency.browser(), country="US", age="on")
        agency.work()
        staff = ready_staff(agency)
        page = staff.submit(staff.open("/recruit"), "/recruit/search", {"query": WORD, "purpose": "recruitment"})
        paths = page.links_to("/recruit/candidates/") if page.status == 200 else []
        pages = [staff.open(path) for path in paths]
        assert all("Jane" not in page.words() and "jane@example.org" not in page.text for page in pages)
        assert not any('/reveal"' in page.text for page in pages), "there is not even a button"


@pytest.mark.promise("R4")
@pytest.mark.promise("C4")
def test_questions_and_technical_data_end_by_their_own_clocks(tmp_path: Path) -> None:
    """A question goes a short time after its answer, a count of visits after its days; neither knows an applicant."""
    with running(tmp_path, policy="uk-charity") as late:
        staff, asker = ready_staff(late), late.browser()
        late.client().get("/apply/pool", params={"from": "fair"})
        given = {"email": "noa@example.org", "question": "Is the ward on one floor?", "name": "Noa"}
        asked = asker.submit(asker.open("/ask"), "/ask", given)
        assert not asker.cookies
        path = f"/privacy/enquiries/{asked.reference()}"
        assert "one floor" in staff.open(path).words()
        staff.submit(staff.open(path), path, {"answer": "Yes, on one."})
        assert letters_to(late, "noa@example.org")[-1].startswith("Yes, on one.")
        late.clock.go_to("2026-06-02", 12)
        late.night()
        with late.house.database.reading() as session:
            assert session.query(Enquiry).count() == 1, "three months have not passed"
            assert session.query(Tally).count() == 0
        late.clock.go_to("2026-06-03", 12)
        late.night()
        with late.house.database.reading() as session:
            assert session.query(Enquiry).count() == session.query(Person).count() == 0


@pytest.mark.promise("C15")
def test_links_that_leave_are_marked_and_carry_no_referrer(live: Running) -> None:
    """The authority's page is another site's: the link says so, and no page tells where its reader came from."""
    answer = live.client().get("/notice")
    leaving = re.findall(r'<a [^>]*href="https?://[^>]*>', answer.text)
    assert leaving
    assert all('rel="noreferrer external"' in link and 'class="outside"' in link for link in leaving)
    assert answer.text.count("(leaves this site)") == len(leaving)
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.promise("L7")
@pytest.mark.promise("N7")
@pytest.mark.promise("Q3")
def test_advertising_can_be_refused_at_any_time_without_signing_in(live: Running) -> None:
    """Told with the first letter already; it stops at once, by whichever way, and nobody proves who they are."""
    apply_with(live, "eve@example.org", marketing="on")
    letter = letters_to(live, "eve@example.org")[0]
    found = re.search(r"/me/preferences/\S+", letter)
    assert found
    stranger = live.browser()
    page = stranger.open(found[0])
    boxes = {str(box.attributes["name"]): [] for box in page.tree().css("input[type=checkbox]")}
    assert boxes
    with live.house.database.reading() as session:
        (person,) = people.find_by_digest(session, live.house.vault.address_digest("eve@example.org"), 1)
        assert may_contact(session, live.house, person, "marketing", Contact.EMAIL)
    answer = live.client().post(found[0], data={})
    assert answer.status_code == 200
    with live.house.database.reading() as session:
        (person,) = people.find_by_digest(session, live.house.vault.address_digest("eve@example.org"), 1)
        assert not may_contact(session, live.house, person, "marketing", Contact.EMAIL)


@pytest.mark.promise("N5")
def test_a_new_use_of_what_is_held_waits_until_people_were_told_and_chose(live: Running) -> None:
    """A policy that puts data to a new use is not published before its campaign has ended."""
    changed = read_bundled("uk-charity").replace('version = "1"', 'version = "2"')
    use = (
        '\n[[purposes]]\nid = "research"\ntitle = "Research"\ndescription = "We study it."\n'
        'basis = "legitimate_interest"\nbalancing = "Counts only."\ncategories = ["employment"]\n'
        '\n[[periods]]\nid = "research"\npurposes = ["research"]\nanchors = ["received"]\nlength = "1 year"\n'
        'action = "purge"\nreason = "As long as the study."\n'
    )
    proposal = policies.propose_policy(live.house, changed + use, live.house.today())
    assert "new_use" in {obstacle.code for obstacle in proposal.obstacles}
    with pytest.raises(Refusal):
        policies.post_policy(live.house, proposal, actor="test")


@pytest.mark.promise("D16")
def test_an_account_with_an_end_date_closes_by_itself(tmp_path: Path) -> None:
    """Signed in on its last day, shut out on the next, without anybody doing anything."""
    with living(tmp_path) as house:
        guest = staff_of(house, Role.RECRUITER, follow=False)
        with house.house.database.writing() as session:
            account = session.query(Staff).one()
            account.ends_on = house.house.today()
        assert guest.get("/recruit").status_code == 200
        house.clock.advance(minutes=20, days=1)
        assert guest.get("/recruit").status_code == 303


@pytest.mark.promise("R8")
def test_the_key_of_an_erased_person_is_gone_with_every_row(live: Running) -> None:
    """Nothing can be opened that was sealed under it; ``tests/e2e`` searches every file, log and backup."""
    _, own = apply_with(live, "ana@example.org")
    with live.house.database.reading() as session:
        (person,) = people.find_by_digest(session, live.house.vault.address_digest("ana@example.org"), 1)
        key_id, row_id = person.key_id, person.id
    own.submit(own.open("/me"), "/me/erase", {"confirm": "ERASE"})
    live.night()
    with pytest.raises(KeyGone):
        live.house.vault.keystore.get(key_id)
    with live.house.database.reading() as session:
        assert list(people.rows_left(session, row_id)) == []


@pytest.mark.promise("N1")
@pytest.mark.parametrize("language", ["de", "ar"])
def test_the_notice_speaks_each_language_whole(live: Running, language: str) -> None:
    """Our sentences and the policy's, in the language asked for; each names its clause and its controls."""
    page = live.client().get("/notice", params={"lang": language})
    purpose = live.house.policy.purposes[0]
    assert language in live.house.policy.languages
    assert purpose.title.say(language) in html.unescape(page.text)
    assert purpose.title.say(language) != purpose.title.say("en")
    clauses = re.findall(r'data-clause="([^"]+)" data-controls="([^"]+)"', page.text)
    assert len(clauses) > 20
    assert all(name in CONTROLS for _, controls in clauses for name in controls.split())


@pytest.mark.parametrize(("form", "says"), [("csv", "purpose"), ("md", "|"), ("jsonld", "dpv:")])
def test_the_record_of_processing_is_of_the_policy_in_force(
    live: Running, staff: PlainBrowser, form: str, says: str
) -> None:
    """In three forms, with each purpose (GDPR Art. 30); an unknown form is nothing."""
    answer = staff.fetch(f"/privacy/ropa/{form}")
    assert answer.status_code == 200
    assert says in answer.text.casefold()
    assert live.house.policy.purposes[0].title.say("en") in answer.text
    assert staff.fetch("/privacy/ropa/exe").status_code == 404
