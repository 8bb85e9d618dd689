"""The questions of ``attune init``. A credential is typed unseen and never shown."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

import click

from service.cli.drafting.chosen.chosen_source import ChosenSource, UnclearChoice, variable
from service.cli.drafting.chosen.init_options import (
    InitOptions,
    Variables,
    github_auth,
    jira_auth,
    unique,
    wanted_of,
)
from service.cli.drafting.chosen.timezones import is_timezone
from service.cli.drafting.chosen.tracker_addresses import is_cloud, jira_site
from service.cli.drafting.written.product_text import About

T = TypeVar("T")
_SHOWN = ("email", "username")  # fields that are no secret, so a person sees what is typed
_WAYS = {"cloud": ("email", "token"), "token": ("token",), "password": ("user", "password")}


def ask_trackers() -> list[ChosenSource]:
    """At least one."""
    chosen: list[ChosenSource] = []
    while True:
        choices = click.Choice(["jira", "github", *(["done"] if chosen else [])])
        kind = click.prompt("Which tracker comes next?", type=choices, default="done" if chosen else "jira")
        if kind == "done":
            return chosen
        number = len({one.url for one in chosen if one.type == kind}) + 1
        chosen = unique([*chosen, *_until_clear(partial(_ASKED[kind], number))])


def _until_clear(ask: Callable[[], T]) -> T:
    while True:
        try:
            return ask()
        except UnclearChoice as error:
            click.echo(f"  {error}")


def _jira(number: int) -> list[ChosenSource]:
    site = _until_clear(lambda: jira_site(click.prompt("  Its address, such as https://acme.atlassian.net")))
    projects = _several("  Project keys, such as ONL, STO")
    way = "cloud" if is_cloud(site) else _way()
    usual = jira_auth(site, number, dict.fromkeys(_WAYS[way], ""))
    named = {what: _variable(field, usual[field]) for what, field in zip(_WAYS[way], usual, strict=True)}
    variables = {f"jira_{what}": [name] for what, name in named.items()}
    return wanted_of(InitOptions(jira=[site], project=projects, variables=variables))


def _way() -> str:
    click.echo("  cloud: an e-mail address and an API token; token: Data Center 8.14 and newer;")
    click.echo("  password: a user name and a password, for an older Data Center")
    way: str = click.prompt("  How does attune sign in there?", type=click.Choice([*_WAYS]), default="token")
    return way


def _github(number: int) -> list[ChosenSource]:
    repositories = _several("  Repositories, such as acme/stores, or their addresses on an Enterprise Server")
    project = click.prompt(
        "  The Project they are planned in (owner/number; empty: none)", "", show_default=False
    )
    name = _variable("token", github_auth(number, {})["token"])
    variables: Mapping[str, Sequence[str]] = {"github_token": [name]}
    projects = [project] if project.strip() else []
    return wanted_of(InitOptions(github=repositories, github_project=projects, variables=variables))


_ASKED: Mapping[str, Callable[[int], list[ChosenSource]]] = {"jira": _jira, "github": _github}


def _several(text: str) -> list[str]:
    while True:
        names = [one.strip() for one in click.prompt(text).split(",") if one.strip()]
        if names:
            return names


def _variable(what: str, usual: str) -> str:
    text = f"  Name of the environment variable with the {what}"
    return _until_clear(lambda: variable(click.prompt(text, default=usual).strip()))


def ask_values(wanted: Sequence[ChosenSource], environment: Variables) -> dict[str, str]:
    """Of the variables that are not set yet; those left empty are not in the answer."""
    unset = {name: field for one in wanted for field, name in one.auth.items() if not environment.get(name)}
    if unset:
        click.echo("Typed values are kept in .env, which only you can read; leave one empty to set it later.")
    typed = {name: _value(name, field) for name, field in unset.items()}
    return {name: value for name, value in typed.items() if value}


def _value(name: str, field: str) -> str:
    hidden = field not in _SHOWN
    text = f"  {name}{', typed unseen' if hidden else ''}"
    return str(click.prompt(text, default="", show_default=False, hide_input=hidden)).strip()


def ask_about(usual: About, given: Mapping[str, str]) -> About:
    """What was given is not asked again."""
    asked = {field: given.get(field) or ask(getattr(usual, field)) for field, ask in _ABOUT.items()}
    return About(**asked)


def _name(usual: str) -> str:
    return str(click.prompt("What is the product called?", default=usual)).strip()


def _timezone(usual: str) -> str:
    return _until_clear(lambda: zone(str(click.prompt("Its time zone", default=usual)).strip()))


def _language(usual: str) -> str:
    return str(click.prompt("Language of messages", type=click.Choice(["en", "nl"]), default=usual))


_ABOUT: Mapping[str, Callable[[str], str]] = {"name": _name, "timezone": _timezone, "language": _language}


def zone(name: str) -> str:
    """Raises UnclearChoice for what is no time zone."""
    if not is_timezone(name):
        raise UnclearChoice("expected an IANA time zone such as Europe/Amsterdam")
    return name
