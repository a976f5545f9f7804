"""A policy in every language that the catalogues speak: where each of its sentences has a translation there.

A policy whose own sentences are not all translated stays in its own languages: a notice half in one language and half
in another serves nobody. What the policy itself says in a language is never replaced.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from intake.catalogues import SOURCE_LANGUAGE, list_catalogues, load_translations
from retention.policy.policy import Policy, Text


def in_every_language(policy: Policy) -> Policy:
    """The same policy, with each further language in which all of its sentences are known."""
    if policy.languages[0] != SOURCE_LANGUAGE:
        return policy
    texts = set(find_texts(policy))
    further = [code for code in list_catalogues() if code not in policy.languages and _is_whole(texts, code)]
    if not further:
        return policy
    spoken: Policy = _say_in(policy, tuple(further))
    return replace(spoken, languages=(*policy.languages, *further))


def find_texts(value: Any) -> Iterator[Text]:
    """Every sentence of the policy's own, wherever it stands."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from find_texts(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from find_texts(getattr(value, field.name))


def _translate(text: Text, code: str) -> str:
    said = text.by_language[0][1]
    found = load_translations(code).ugettext(said)
    return "" if found == said else found


def _is_whole(texts: set[Text], code: str) -> bool:
    return all(code in dict(text.by_language) or _translate(text, code) for text in texts)


def _say_in(value: Any, codes: tuple[str, ...]) -> Any:
    """The same value with each of its sentences in these languages too."""
    if isinstance(value, Text):
        added = tuple((code, _translate(value, code)) for code in codes if code not in dict(value.by_language))
        return Text((*value.by_language, *added))
    if isinstance(value, tuple):
        return tuple(_say_in(item, codes) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {field.name: _say_in(getattr(value, field.name), codes) for field in fields(value) if field.init}
        return replace(value, **changed)
    return value
