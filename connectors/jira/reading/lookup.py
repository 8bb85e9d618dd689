"""What exists under a name: issues of any project of the site, whatever the source selects."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.contract import Lookup, SourceError
from connectors.jira.http.answers import is_of_a_part
from connectors.jira.http.gateway import Gateway
from connectors.jira.parse.links import reference
from connectors.jira.reading import query
from connectors.jira.reading.discovery import SiteProfile

KEYS_AT_ONCE = 100  # in one request, Cloud's limit
SINGLE_LOOKUPS = 50  # requests of one call for one name each; the other names wait for the next call
_FIELDS = ("security",)

Issue = Mapping[str, Any]
Answers = dict[str, Issue | None]
"""By key or id; None: there is no such issue, or this account may not see it."""


class NameLookup:
    """One call of ``look_up``."""

    def __init__(self, gateway: Gateway, profile: SiteProfile) -> None:
        self._gateway = gateway
        self._profile = profile
        self._singles_left = SINGLE_LOOKUPS

    async def find(self, names: Sequence[str]) -> dict[str, Lookup]:
        """By name, of those that could be asked. Raises SourceError when none could be for it."""
        keys = {name: key for name in dict.fromkeys(names) if (key := self._key_of(name))}
        asked, answers = list(dict.fromkeys(keys.values())), Answers()
        for start in range(0, len(asked), KEYS_AT_ONCE):
            try:
                answers |= await self._ask(asked[start : start + KEYS_AT_ONCE])
            except SourceError:
                if not answers:
                    raise
                break
        lookups = {name: self._parse(answers[key]) for name, key in keys.items() if key in answers}
        return {name: lookup for name, lookup in lookups.items() if lookup}

    def _key_of(self, name: str) -> str | None:
        """Of ``jira://SITE/ONL-12`` the key, of ``jira://SITE/id/10023`` the id; None for another site's."""
        for prefix in self._profile.prefixes:
            if name.startswith(prefix):
                return name.removeprefix(prefix).removeprefix("id/").upper()
        return None

    async def _ask(self, keys: Sequence[str]) -> Answers:
        """A batch answers under present names, each issue once.

        Cloud follows moved issues, so there a batch that brings nothing means that there is nothing; JQL
        may not, so on Data Center every other name is asked singly.
        """
        is_cloud = self._profile.dialect.is_cloud
        issues = await self._ask_batch(keys)
        by_name = {str(one.get(name)).upper(): one for one in issues or () for name in ("key", "id")}
        answers: Answers = {key: by_name[key] for key in keys if key in by_name}
        rest = [key for key in keys if key not in answers]
        if is_cloud and issues and rest:
            issues = await self._ask_batch(rest)  # one may be a former name of what was answered
        has_none = is_cloud and issues is not None and not issues
        return answers | (dict.fromkeys(rest) if has_none else await self._ask_singly(rest))

    async def _ask_batch(self, keys: Sequence[str]) -> Sequence[Issue] | None:
        """The issues of a batch; None for one that fails, or that says of some that they failed."""
        try:
            if self._profile.dialect.is_cloud:
                answer = await self._gateway.bulk_fetch(keys, _FIELDS)
                is_whole = not answer.get("issueErrors")
            else:
                answer = await self._gateway.search_at(query.by_keys(keys), _FIELDS, KEYS_AT_ONCE, 0)
                is_whole = True
            return list(answer["issues"]) if is_whole else None
        except SourceError as error:
            if not is_of_a_part(error):
                raise
            return None

    async def _ask_singly(self, keys: Sequence[str]) -> Answers:
        chosen = keys[: self._singles_left]
        self._singles_left -= len(chosen)
        outcomes = await asyncio.gather(*(self._ask_one(key) for key in chosen), return_exceptions=True)
        answers = Answers()
        for key, outcome in zip(chosen, outcomes, strict=True):
            if not isinstance(outcome, BaseException):
                answers[key] = outcome
            elif not isinstance(outcome, SourceError) or not (is_of_a_part(outcome) or answers):
                raise outcome
        return answers

    async def _ask_one(self, key: str) -> Issue | None:
        return await self._gateway.issue(key, _FIELDS)

    def _parse(self, issue: Issue | None) -> Lookup | None:
        """None for an answer of another shape, which says nothing."""
        if issue is None:
            return Lookup("absent")
        if not issue.get("id") or not issue.get("key") or not isinstance(issue.get("fields", {}), Mapping):
            return None
        if self._profile.reader.is_restricted({"fields": {}, **issue}):
            return Lookup("hidden")
        site = self._profile.site.name
        return Lookup("item", reference(site, issue), f"jira://{site}/{issue['key']}")
