"""What a person's own page shows, made from what the desk opened."""

from collections import defaultdict

from intake.access.actors import Visitor
from intake.desk.contact_ways import preferences_path
from intake.desk.ends import EndInWords
from intake.desk.profile_values import PROFILE_FIELDS
from intake.desk.rights import Held
from intake.desk.timeline import Span
from intake.desk.words import Basis, Stage
from intake.installation import Installation
from intake.web.apply.pages import end_view, values_of
from intake.web.me.timeline import draw_timeline
from intake.web.me.views import Application, Erasure, Grounds, HeldCategory, HeldItem, HomeView, Look
from intake.web.views import FieldError
from retention.policy.kinds import RecipientKind

ERASE_WORD = "ERASE"


def home_view(
    house: Installation,
    held: Held,
    me: Visitor,
    language: str,
    floor: EndInWords | None,
    spans: tuple[Span, ...],
    errors: tuple[FieldError, ...] = (),
) -> HomeView:
    """Everything held, why, and until when."""
    can_add = me.application_id is None and not held.is_restricted
    return HomeView(
        reference=held.applications[0][0].reference if held.applications else "",
        applications=_applications(held),
        categories=_categories(held, can_replace=not held.is_restricted),
        grounds=_grounds(house, held, language),
        ends=(end_view(held.end),),
        looks=tuple(Look(look.at, look.role, look.purpose, look.name) for look in held.looks),
        recipients=(),
        timeline=draw_timeline(spans, house.today()),
        resume_href="/me/resume.json",
        archive_href="/me/everything.zip",
        correct_href="/me/correct",
        erasure=Erasure("/me/erase", ERASE_WORD, end_view(floor) if floor else None),
        csrf=me.csrf,
        sign_out_action="/me/leave",
        more_href="/me/more" if can_add else "",
        keep_href="/me/keep" if can_add and house.policy.choices else "",
        access_href="/me/access",
        preferences_href=preferences_path(house, held.person),
        processors=_processors(house, held, language),
        bounced=held.bounced,
        restricted=held.is_restricted,
        authority=house.policy.authority.name if house.policy.authority else "",
        authority_href=house.policy.authority.url if house.policy.authority else "",
        errors=errors,
    )


def _applications(held: Held) -> tuple[Application, ...]:
    return tuple(
        Application(
            reference=a.reference,
            title=opening.title if opening else "",
            stage=a.stage.value,
            received_at=a.received_at,
            source=a.source.value,
            channel=a.channel.value,
            decided_on=a.decision_on,
            withdraw_action=f"/me/withdraw/{a.reference}" if a.stage not in (Stage.WITHDRAWN, Stage.DRAFT) else "",
        )
        for a, opening in held.applications
    )


def _processors(house: Installation, held: Held, language: str) -> tuple[str, ...]:
    """Who works on the data for the organisation, of those that the policy names for the purposes of this record."""
    purposes = {event.purpose for event in held.ledger}
    return tuple(
        recipient.name.say(language)
        for recipient in house.policy.recipients
        if recipient.kind is RecipientKind.SERVICE_PROVIDER and purposes & set(recipient.purposes)
    )


def _categories(held: Held, *, can_replace: bool) -> tuple[HeldCategory, ...]:
    """What is held by category, in the registry's order; documents and notes after the profile."""
    items: dict[str, list[HeldItem]] = defaultdict(list)
    sources: dict[str, set[str]] = defaultdict(set)
    for row in held.fields:
        category = PROFILE_FIELDS[row.name].category.value
        values = values_of(held.profile, row.name)
        items[category].append(HeldItem(row.name, values, source=row.source.value, corrected=row.corrected))
        sources[category].add(row.source.value)
    for document, name in held.documents:
        own = f"/me/documents/{document.id.hex()}"
        items["documents"].append(HeldItem("document_file", (name,), own, f"{own}/replace" if can_replace else ""))
        sources["documents"].add("person")
    for _, text in held.notes:
        items["staff notes"].append(HeldItem("note_text", (text,)))
        sources["staff notes"].add("staff")
    for _, text, answer in held.enquiries:
        items["correspondence"].append(HeldItem("enquiry_text", (text,)))
        items["correspondence"] += [HeldItem("enquiry_answer", (answer,))] if answer else []
        sources["correspondence"].add("person")
    order = {mark.category.value: n for n, mark in enumerate(PROFILE_FIELDS.values())}
    return tuple(
        HeldCategory(name, tuple(sorted(sources[name])), tuple(items[name]))
        for name in sorted(items, key=lambda name: order.get(name, 99))
    )


def _grounds(house: Installation, held: Held, language: str) -> tuple[Grounds, ...]:
    """The latest word of the ledger on each purpose."""
    latest = {(event.purpose, event.application_id): event for event in held.ledger if not event.contact}
    found = []
    for event in latest.values():
        is_live = event.event.value in ("given", "renewed")
        terms = house.policy.find_purpose(event.purpose)
        zone = house.policy.zone
        can_end = is_live and event.basis in (Basis.CONSENT, Basis.DEEMED_CONSENT)
        found.append(
            Grounds(
                purpose=event.purpose,
                basis=event.basis.value,
                since=event.at.astimezone(zone).date(),
                text=terms.title.say(language) if terms else "",
                withdraw_action=f"/me/consent/{event.purpose}" if can_end else "",
                ended_on=None if is_live else event.at.astimezone(zone).date(),
                refused=event.event.value == "refused",
            )
        )
    return tuple(found)
