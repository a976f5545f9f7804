"""E-mail addresses and phone numbers: from text by pattern, and from the addresses behind it."""

import re

from intake.reading.fields.addresses import EMAIL, PHONE, URL, mend_addresses, urls_behind
from intake.reading.fields.dates import find_dates
from intake.reading.fields.found import Found
from intake.reading.fields.pieces import place_of
from intake.reading.page import Line, Sheets

_PHONE_LABEL = re.compile(
    r"(?:(?<![^\W\d_])(?:phone|tel|tél|telefon|telephone|téléphone|teléfono|telefono|telefoon|mobile?|móvil|movil|"
    r"cell|handy|portable|gsm|mobiel|komórka|kom|office|work|home|private|privat|b[üu]ro|dienstlich|fixe|fixo|fijo|"
    r"fisso|casa|trabajo|cellulare|cel|telem[óo]vel|m[óo]vil|mob|telemóvel|celular|whatsapp|t|m|p)|☎|📞|✆|📱)\W*$",
    re.IGNORECASE,
)
_OTHER_NUMBER = re.compile(r"\b(?:fax|isbn|issn|doi|iban|vat|nip|pesel|siret|orcid|id|nr|no|n[°º])\W*$", re.IGNORECASE)


def read_emails(lines: list[tuple[Line, bool]], sheets: Sheets) -> list[Found]:
    """Addresses in the text and behind it, the person's own parts first; what is behind makes a broken one whole."""
    behind = [url[7:].split("?")[0].strip() for url in urls_behind(sheets) if url.lower().startswith("mailto:")]
    known = [address for address in behind if EMAIL.fullmatch(address)]
    found: dict[str, Found] = {}
    for line, own in sorted(lines, key=lambda item: not item[1]):
        for match in EMAIL.finditer(mend_addresses(line.text)):
            printed = match.group().rstrip(".")
            address = next((whole for whole in known if whole.casefold().endswith(printed.casefold())), printed)
            if own or not found:
                found.setdefault(address.casefold(), Found(address, 0.99 if own else 0.85, (place_of(line),)))
    return list(found.values()) or [Found(address, 0.9) for address in known[:1]]


def _normal_phone(text: str) -> str | None:
    """E.164 where the country is written (not beside a trunk zero in brackets), else as written; None where it "
    "cannot be a phone number."""
    text = text.strip(" .,;/-–")
    digits = re.sub(r"\D", "", text)
    masked = bool(re.search(r"[X*x]", text))
    if not (7 <= len(digits) <= 15) and not (masked and len(digits) >= 5):
        return None
    international = re.match(r"^\(?(?:\+|00)\s?([1-9]\d{0,2})\)?", text)
    if not international or masked or "(0)" in text:
        return re.sub(r"\s{2,}", " ", text)
    return "+" + (digits[2:] if text.lstrip("(").startswith("00") else digits)


def _is_phone(text: str, line: str, begin: int, end: int, *, own: bool) -> bool:
    before = line[:begin]
    if _OTHER_NUMBER.search(before):
        return False
    if re.fullmatch(r"\s*\d{4}-\d{3}\s*", text):
        return False
    labelled = bool(_PHONE_LABEL.search(before[-14:]))
    if labelled:
        return True
    if find_dates(text) and not text.lstrip("( ").startswith("+"):
        return False
    plus = text.lstrip("( ").startswith("+") or text.lstrip().startswith("00")
    alone = len(line[:begin].strip() + line[end:].strip()) <= 3
    grouped = bool(re.search(r"\d[\s./()–-]+\d", text))
    if own:
        return plus or grouped or alone
    return plus and (alone or len(line) < 60)


def read_phones(lines: list[tuple[Line, bool]], sheets: Sheets) -> list[Found]:
    """Phone numbers, E.164 where the country code is written; from links to call where none is printed."""
    found: dict[str, Found] = {}
    for line, own in lines:
        for cell in line.cells or (line.text,):
            masked = EMAIL.sub(lambda m: "@" * len(m.group()), cell)
            masked = URL.sub(lambda m: "@" * len(m.group()), masked)
            for match in PHONE.finditer(masked):
                text = match.group()
                context = line.text if len(line.cells) > 1 and cell.strip() == text.strip() else masked
                begin = context.find(text)
                if not _is_phone(text, context, begin, begin + len(text), own=own):
                    continue
                number = _normal_phone(text)
                if number:
                    key = re.sub(r"\D", "", number)[-9:]
                    found.setdefault(key, Found(number, 0.97 if own else 0.75, (place_of(line),)))
    for url in urls_behind(sheets) if not found else ():
        number = _normal_phone(url[4:].split(";")[0]) if url.lower().startswith("tel:") else None
        if number:
            found.setdefault(number, Found(number, 0.9))
    return list(found.values())
