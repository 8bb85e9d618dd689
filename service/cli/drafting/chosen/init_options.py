"""From the options of ``attune init`` to the sources they name. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from service.cli.drafting.chosen.chosen_source import ChosenSource, UnclearChoice, checked
from service.cli.drafting.chosen.tracker_addresses import GITHUB, github_repository, host, is_cloud, jira_site

Variables = Mapping[str, str]
"""Which variable holds what: ``{"token": "GH_TOKEN"}``."""


class InitOptions(NamedTuple):
    """As typed. ``variables``: for each option such as jira_token, ``NAME`` or ``SITE=NAME``."""

    jira: Sequence[str] = ()
    project: Sequence[str] = ()
    github: Sequence[str] = ()
    github_url: str = GITHUB
    github_project: Sequence[str] = ()
    variables: Mapping[str, Sequence[str]] = {}


def wanted_of(given: InitOptions) -> list[ChosenSource]:
    """Each once, in the order given. Raises UnclearChoice."""
    return unique([checked(one) for one in (*_jiras(given), *_githubs(given))])


def unique(wanted: Sequence[ChosenSource]) -> list[ChosenSource]:
    return list({(one.type, one.url.lower(), one.place.lower()): one for one in wanted}.values())


def jira_auth(site: str, number: int, named: Variables) -> Variables:
    """``named`` says the way: an e-mail address is Cloud's, a user name an old Data Center's."""
    if "user" in named or "password" in named:
        return {
            "username": _or(named, "JIRA", number, "user"),
            "password": _or(named, "JIRA", number, "password"),
        }
    ways = ("email", "token") if "email" in named or is_cloud(site) else ("token",)
    return {way: _or(named, "JIRA", number, way) for way in ways}


def github_auth(number: int, named: Variables) -> Variables:
    return {"token": _or(named, "GH", number, "token")}


def _or(named: Variables, tracker: str, number: int, what: str) -> str:
    """JIRA_TOKEN, and JIRA_2_TOKEN for a second site."""
    usual = [tracker, *([str(number)] if number > 1 else []), what.upper()]
    return named.get(what) or "_".join(usual)


def _jiras(given: InitOptions) -> Iterator[ChosenSource]:
    sites = list(dict.fromkeys(jira_site(one) for one in given.jira))
    projects = [_placed(one, sites) for one in given.project]
    for number, site in enumerate(sites, 1):
        own = [key for place, key in projects if place == site]
        if not own:
            raise UnclearChoice(f"no --project for {host(site)}; expected one such as --project ONL")
        auth = jira_auth(site, number, _named(given, "jira", host(site)))
        for key in own:
            yield ChosenSource("jira", site, {"project": key.upper()}, auth)


def _placed(project: str, sites: Sequence[str]) -> tuple[str, str]:
    """(site, key) of ``ONL`` or ``acme.atlassian.net/ONL``."""
    place, _, key = project.strip().removeprefix("https://").removeprefix("http://").rpartition("/")
    fitting = [one for one in sites if not place or place.lower() in (host(one), one.partition("://")[2])]
    if len(fitting) == 1:
        return fitting[0], key
    if not sites:
        raise UnclearChoice("--project needs the --jira that it is in")
    hosts = ", ".join(host(one) for one in sites)
    raise UnclearChoice(f"--project {key}: in which of {hosts}? Expected one such as {host(sites[0])}/{key}")


def _named(given: InitOptions, tracker: str, site: str) -> dict[str, str]:
    """The site's own variables before those of every site."""
    variables: dict[str, str] = {}
    for option, texts in given.variables.items():
        kind, _, what = option.partition("_")
        pairs = [text.rpartition("=") for text in texts if kind == tracker]
        fitting = {place.lower(): name for place, _, name in pairs if place.lower() in ("", site)}
        if fitting:
            variables[what] = fitting.get(site) or fitting[""]
    return variables


class _Repositories:
    """Repositories by their place, and the Projects they are planned in."""

    def __init__(self, given: InitOptions) -> None:
        self._api = given.github_url.strip().rstrip("/")
        self.places = list(dict.fromkeys(github_repository(one, self._api) for one in given.github))
        self._projects = [_assigned(one) for one in given.github_project]

    def reads(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """(API, what is read there). A Project that no repository takes is read by itself."""
        taken = set()
        for api, repository in self.places:
            project = self._project_of(repository)
            taken.add(project)
            yield api, {"repository": repository, **({"project": project} if project else {})}
        for project in dict.fromkeys(name for _, name in self._projects if name not in taken):
            yield self._home(), {"project": project}

    def _home(self) -> str:
        return self.places[0][0] if len({api for api, _ in self.places}) == 1 else self._api

    def _project_of(self, repository: str) -> str | None:
        """The one given for it; else the only one of its owner that is given for none."""
        owner, _, name = (part.lower() for part in repository.partition("/"))
        own = [one for place, one in self._projects if place in (name, f"{owner}/{name}")]
        free = [one for place, one in self._projects if not place and one.lower().startswith(f"{owner}/")]
        if len(own or free) > 1:
            shown = f"{name}={(own or free)[0]}"
            raise UnclearChoice(
                f"several Projects for {repository}; expected one such as --github-project {shown}"
            )
        return next(iter(own or free), None)


def _assigned(text: str) -> tuple[str, str]:
    """(repository or "", Project) of ``acme/12`` or ``stores=acme/12``."""
    place, _, project = text.strip().rpartition("=")
    return place.lower(), project


def _githubs(given: InitOptions) -> Iterator[ChosenSource]:
    apis: list[str] = []
    for api, reads in _Repositories(given).reads():
        if api not in apis:
            apis.append(api)
        number = apis.index(api) + 1
        site = host(api).removeprefix("api.")
        named = {**_named(given, "github", host(api)), **_named(given, "github", site)}
        yield ChosenSource("github", api, reads, github_auth(number, named))
