"""The words for values that the product names itself: stages, sources, bases, roles, and what can be wrong with a form.

Keys are the stable codes that other packages use; values are English, the catalogues' source. ``N_`` marks a sentence
for extraction without translating it. Never holds a sentence about one person.
"""

from collections.abc import Mapping

from intake.catalogues import N_
from intake.reading.verdicts import SENTENCES

STAGES = {
    "draft": N_("Draft"),
    "received": N_("Received"),
    "review": N_("In review"),
    "interview": N_("Interview"),
    "offer": N_("Offer"),
    "hired": N_("Hired"),
    "rejected": N_("Not taken further"),
    "withdrawn": N_("Withdrawn"),
}

SOURCES = {
    "person": N_("The person"),
    "employer": N_("An employer or member organisation"),
    "referring_agency": N_("A referring agency"),
    "social_login": N_("A social network"),
    "partner": N_("A partner organisation"),
    "bought_list": N_("A list that was bought"),
    "enrichment": N_("Added from outside to what we held"),
    "friend": N_("A friend or colleague"),
    "staff": N_("Our staff"),
}

SOURCES_TO_YOU = {
    **SOURCES,
    "person": N_("You"),
    "social_login": N_("A social network that you signed in with"),
    "friend": N_("A friend or colleague of yours"),
}

CHANNELS = {
    "form": N_("Web form"),
    "email": N_("E-mail"),
    "post": N_("Post"),
    "phone": N_("Phone"),
    "chat": N_("Chat"),
    "event": N_("Event"),
    "survey": N_("Survey"),
    "newsletter": N_("Newsletter"),
    "forum": N_("Forum"),
    "social_page": N_("Social page"),
    "import": N_("Import"),
    "api": N_("Another program"),
}

BASES = {
    "consent": N_("Consent"),
    "legitimate_interest": N_("Legitimate interest"),
    "contract": N_("Steps towards a contract"),
    "legal_obligation": N_("Legal obligation"),
    "deemed_consent": N_("Deemed consent"),
}

PURPOSES = {
    "application": N_("Considering the application"),
    "pool": N_("Keeping in mind for other openings"),
    "share": N_("Sharing with named kinds of employers"),
    "marketing": N_("Messages that advertise"),
    "sale": N_("Selling, or sharing for advertising"),
    "recruitment": N_("Choosing people for an opening"),
    "requested_contact": N_("Contact that the candidate asked for"),
    "checking": N_("Checking that the record is right"),
}

BASIS_EVENTS = {
    "given": N_("Given"),
    "renewed": N_("Given again"),
    "refused": N_("Refused"),
    "withdrawn": N_("Taken back"),
    "expired": N_("Ran out"),
    "objected": N_("Objected to"),
}

CONTACTS = {
    "email": N_("by e-mail"),
    "phone": N_("by phone"),
    "text": N_("by text message"),
    "post": N_("by post"),
}

RIGHTS = {
    "know": N_("To know what is held"),
    "access": N_("A copy of what is held"),
    "correction": N_("Correction"),
    "erasure": N_("Erasure"),
    "restriction": N_("Restriction"),
    "objection": N_("Objection"),
    "portability": N_("To take it along"),
    "withdrawal": N_("To take a consent back"),
    "opt_out": N_("To opt out"),
    "limit": N_("To limit the use of sensitive data"),
    "suppression": N_("Not to be contacted or searched"),
    "complaint": N_("Complaint"),
}

BEARINGS = {
    "period": N_("Period"),
    "ceiling": N_("Maximum by law"),
    "consent": N_("End of a consent"),
    "no_basis": N_("No basis"),
    "request": N_("Your request"),
    "restriction": N_("Your wish that it be kept"),
    "floor": N_("Minimum by law"),
    "hold": N_("Legal hold"),
    "enquiry": N_("Enquiry"),
}

OUTCOMES = {
    "open": N_("not answered yet"),
    "done": N_("done"),
    "partly": N_("done in part"),
    "refused": N_("not done, with the reason"),
}

VIOLATIONS = {
    "past_due": N_("Should have ended"),
    "without_basis": N_("Nothing permits keeping it"),
    "not_restricted": N_("Should be restricted"),
    "purpose_over": N_("A use should have ended"),
    "stuck": N_("The end is stuck on its way"),
}

CATEGORIES = {
    "identity": N_("Who you are"),
    "contact": N_("How to reach you"),
    "employment": N_("Work"),
    "education": N_("Education"),
    "skills": N_("Skills and languages"),
    "documents": N_("Documents"),
    "correspondence": N_("Messages and requests"),
    "staff notes": N_("Notes of our staff"),
    "technical": N_("Technical records"),
}

FIELDS = {
    "name": N_("Full name"),
    "emails": N_("E-mail addresses"),
    "phones": N_("Phone numbers"),
    "location": N_("Location"),
    "links": N_("Links"),
    "summary": N_("Summary"),
    "work": N_("Work"),
    "education": N_("Education"),
    "skills": N_("Skills"),
    "languages": N_("Languages"),
    "document_file": N_("Document"),
    "enquiry_text": N_("Your question"),
    "enquiry_answer": N_("Our answer"),
    "document_name": N_("File name"),
    "document_text": N_("Text of the document"),
    "document_reading": N_("What was read from the document"),
    "source_detail": N_("Where the application came from"),
    "note_text": N_("Notes of contacts"),
    "decision_reason": N_("Reason of a decision"),
    "mail_message": N_("Messages sent"),
    "request_text": N_("Requests made"),
    "idempotency_answer": N_("Answer kept for a repeated call"),
}

ACTIONS = {
    "purge": N_("Erased for good"),
    "anonymise": N_("Erased; only coarse facts without identity are kept"),
}

ROLES = {
    "administrator": N_("Administrator"),
    "recruiter": N_("Recruiter"),
    "hiring_manager": N_("Hiring manager"),
    "privacy_officer": N_("Privacy officer"),
    "auditor": N_("Auditor"),
}

AREAS = {
    "recruit": N_("Recruiting"),
    "privacy": N_("Privacy"),
    "admin": N_("Administration"),
}

STEPS = {
    "key": N_("The key is to be destroyed"),
    "index": N_("The word index is to be made anew"),
    "rows": N_("Rows are to be emptied"),
    "blobs": N_("Files are to be removed"),
    "confirmation": N_("To be confirmed"),
}

CAUSES = {
    "retention": N_("A rule of the policy"),
    "request": N_("The person asked"),
    "minor": N_("Under the minimum age"),
}

ACTS = {
    "erasure.asked": N_("Erasure asked"),
    "person.exported": N_("Data taken along"),
    "profile.corrected": N_("Data corrected"),
    "consent.withdrawn": N_("Consent withdrawn"),
    "application.withdrawn": N_("Application withdrawn"),
}

VERDICTS = {
    "ok": N_("Read"),
    "empty": N_("No text was found in it"),
    "encrypted": N_("Protected by a password, so it was not read"),
    "unsupported": N_("Of a type that cannot be read"),
    "too_large": N_("Too large to be read"),
    "timeout": N_("Took too long to read"),
    "crashed": N_("Could not be read"),
    "malformed": N_("Damaged, so it was not read"),
    "needs_ocr": N_("A picture of text, which is not read"),
    "pending": N_("Being read"),
}

DUTIES = {
    "review": N_("Review"),
    "assessment": N_("Assessment of a recipient"),
    "dating": N_("Policy to be dated anew"),
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "stage": STAGES,
    "source": SOURCES,
    "source_to_you": SOURCES_TO_YOU,
    "channel": CHANNELS,
    "basis": BASES,
    "basis_event": BASIS_EVENTS,
    "contact": CONTACTS,
    "right": RIGHTS,
    "violation": VIOLATIONS,
    "bearing": BEARINGS,
    "outcome": OUTCOMES,
    "purpose": PURPOSES,
    "category": CATEGORIES,
    "field": FIELDS,
    "action": ACTIONS,
    "role": ROLES,
    "area": AREAS,
    "step": STEPS,
    "cause": CAUSES,
    "act": ACTS,
    "verdict": VERDICTS,
    "reading": SENTENCES,
    "duty": DUTIES,
}

PROBLEMS: Mapping[str, str] = {
    "file_missing": N_("Select a resume"),
    "file_kind": N_("The selected file must be one of: %(kinds)s"),
    "file_too_large": N_("The selected file must be smaller than %(megabytes)s MB"),
    "file_empty": N_("The selected file is empty"),
    "file_protected": N_("The selected file is password protected"),
    "file_infected": N_("The selected file contains a virus"),
    "file_failed": N_("The selected file could not be uploaded – try again"),
    "country_missing": N_("Select the country you live in"),
    "age_missing": N_("Confirm that you are at least %(age)s years old"),
    "notice_changed": N_("The privacy notice has changed since you opened this page – read it and send again"),
    "name_missing": N_("Enter your full name"),
    "question_missing": N_("Write your question"),
    "answer_missing": N_("Write the answer"),
    "finding_missing": N_("Say what was looked at and what was found"),
    "assignee_missing": N_("Choose somebody with an account"),
    "email_missing": N_("Enter your e-mail address"),
    "email_malformed": N_("Enter an e-mail address like name@example.org"),
    "phone_malformed": N_("Enter a phone number like +1 555 0123, or leave it empty"),
    "date_malformed": N_("Enter a year, or a year and a month, like 2021 or 2021-09"),
    "link_malformed": N_("Enter a link that starts with https://"),
    "too_long": N_("Use %(limit)s characters or fewer"),
    "too_many": N_("Give %(limit)s entries or fewer"),
    "required": N_("Fill in this field"),
    "retype": N_("Type %(word)s to confirm"),
    "reason_missing": N_("Give a reason"),
    "purpose_missing": N_("Choose a purpose"),
    "stage_missing": N_("Choose a stage"),
    "note_missing": N_("Write a note"),
    "sign_in_failed": N_("E-mail address, password or code is not right"),
    "passkey_unknown": N_("This passkey opens no account here, or the page was open for too long"),
    "passkey_refused": N_("The passkey was not made – try again"),
    "code_missing": N_("Enter the code from your authenticator"),
    "code_wrong": N_("This code is not right, or was used already"),
    "password_wrong": N_("Your present password is not right"),
    "last_administrator": N_("Somebody else must be an administrator first"),
    "role_kept": N_("You keep at least one role"),
    "password_missing": N_("Enter a password"),
    "password_short": N_("Use a password of %(length)s characters or more"),
    "password_common": N_("Many people use this password – choose another"),
    "password_personal": N_("The password contains your name or address – choose another"),
    "password_differs": N_("The two passwords are not the same"),
    "logo_refused": N_("Choose a plain PNG of at most %(width)s by %(height)s pixels and %(kilobytes)s kB"),
    "zone_unknown": N_("Choose a time zone from the list"),
    "title_missing": N_("Enter a title"),
    "date_ahead": N_("Enter a date that does not lie ahead"),
    "date_past": N_("Enter a date that lies ahead"),
    "reference_unknown": N_("No record has this reference"),
    "decision_unknown": N_("No decision that can be undone has this reference"),
    "reference_missing": N_("Enter a reference"),
    "day_missing": N_("Enter a day that is not ahead"),
    "right_missing": N_("Choose a right that the policy names for this person"),
    "scope_missing": N_("Choose at least one scope"),
    "owner_missing": N_("Say who is responsible"),
    "taken": N_("This is taken already"),
    "form_expired": N_("This form was open for too long – send it again"),
}
