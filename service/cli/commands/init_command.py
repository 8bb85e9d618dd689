"""attune init"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from config.product import ProductErrors, load_product
from config.product.variables import process_environment
from service.cli import loop
from service.cli.console import output
from service.cli.drafting.chosen import questions
from service.cli.drafting.chosen.chosen_source import ChosenSource, UnclearChoice
from service.cli.drafting.chosen.credentials import UnkeptSecret, keep, without_secrets
from service.cli.drafting.chosen.init_options import InitOptions, wanted_of
from service.cli.drafting.chosen.source_names import product_name
from service.cli.drafting.chosen.timezones import local_timezone
from service.cli.drafting.chosen.tracker_addresses import GITHUB
from service.cli.drafting.product_draft import Draft, draft, refused, secrets
from service.cli.drafting.written.product_text import About
from service.cli.drafting.written.survey_report import told
from service.cli.failure import Failed
from service.cli.opening import load_settings

_VARIABLES = {
    "jira_email": "e-mail address for Jira Cloud",
    "jira_token": "Jira API token or personal access token",
    "jira_user": "user name for an older Data Center",
    "jira_password": "password for an older Data Center",
    "github_token": "GitHub token",
}


def _naming_variables(command: Callable[..., None]) -> Callable[..., None]:
    """Options that name where a credential is; none takes the credential itself."""
    for name, what in reversed(_VARIABLES.items()):
        option = click.option(
            f"--{name.replace('_', '-')}",
            multiple=True,
            metavar="[SITE=]NAME",
            help=f"Environment variable with the {what}; never the value itself.",
        )
        command = option(command)
    return command


@click.command()
@click.option("--jira", multiple=True, metavar="URL", help="A Jira site; may be repeated.")
@click.option("--project", multiple=True, metavar="[SITE/]KEY", help="A project on it; may be repeated.")
@click.option(
    "--github", multiple=True, metavar="OWNER/NAME", help="A repository, or its address; repeatable."
)
@click.option("--github-url", default=GITHUB, show_default=True, metavar="URL", help="GitHub's API.")
@click.option(
    "--github-project",
    multiple=True,
    metavar="[REPOSITORY=]OWNER/NUMBER",
    help="The Project that a repository is planned in; without any repository, all of the Project.",
)
@_naming_variables
@click.option("--name", metavar="TEXT", help="What the product is called.")
@click.option("--timezone", metavar="IANA", help="The product's time zone; this machine's if not given.")
@click.option("--language", type=click.Choice(["en", "nl"]), help="Of messages, agenda and page.")
@click.option(
    "--output", "file", type=click.Path(path_type=Path, dir_okay=False), help="Instead of product.yaml."
)
@click.option("--force", is_flag=True, help="Write over a product file that is there.")
@click.option("--yes", is_flag=True, help="Ask nothing; take what was given and the usual for the rest.")
def init(file: Path | None, force: bool, yes: bool, **said: Any) -> None:
    """Draft a product file from what the trackers hold.

    Asks for trackers, or takes them from the options, looks at each (its fields, priorities, statuses,
    Definition of Done; at most some 200 items, and nothing is changed there) and writes a commented
    product file that "attune check" accepts. Credentials stay in environment variables or in .env,
    never in the file. A tracker that cannot be read does not keep the others from being written.

    \b
    attune init --jira https://acme.atlassian.net --project ONL --project STO \\
                --github acme/stores --github-project acme/12 --yes
    """
    file = file or load_settings().product_file
    if file.exists() and not force:
        raise Failed(f"{file} is there already; --force writes over it, --output writes elsewhere")
    wanted = _wanted(said, yes)
    about = _about(said, wanted, yes)
    environment = {name: value for name, value in process_environment().items() if value}
    typed = {} if yes else questions.ask_values(wanted, environment)
    made = _look(about, wanted, {**environment, **typed})
    _keep({name: value for name, value in typed.items() if name not in refused(made.looks)})
    _write(file, made.text, force)
    _conclude(file, made)


def _wanted(said: Mapping[str, Any], yes: bool) -> list[ChosenSource]:
    named = {field: said[field] for field in ("jira", "project", "github", "github_url", "github_project")}
    given = InitOptions(**named, variables={name: said[name] for name in _VARIABLES})
    try:
        chosen = wanted_of(given)
    except UnclearChoice as error:
        raise click.UsageError(str(error)) from None
    if not chosen and yes:
        raise click.UsageError("no tracker is named; expected --jira and --project, or --github")
    return chosen or questions.ask_trackers()


def _about(said: Mapping[str, Any], wanted: Sequence[ChosenSource], yes: bool) -> About:
    """Only what was not given is asked."""
    usual = About(product_name(wanted), local_timezone(), "en")
    given = {field: said[field] for field in About._fields if said[field]}
    try:
        questions.zone(given.get("timezone", usual.timezone))
    except UnclearChoice as error:
        raise click.BadParameter(str(error), param_hint="--timezone") from None
    return usual._replace(**given) if yes else questions.ask_about(usual, given)


def _look(about: About, wanted: Sequence[ChosenSource], values: Mapping[str, str]) -> Draft:
    with output().status(f"Looking at {len(wanted)} sources …"):
        made = loop.run(draft(about, wanted, values))
    for look in made.looks:
        output().print(without_secrets(told(look), secrets(wanted, values)))
    return made


def _keep(values: Mapping[str, str]) -> None:
    try:
        keep(values)
    except UnkeptSecret as error:
        raise Failed(str(error)) from None
    if values:
        output().print(f"{escape(', '.join(values))} kept in .env: leave that out of version control.")


def _write(file: Path, text: str, force: bool) -> None:
    try:
        with file.open("w" if force else "x", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise Failed(f"{file} cannot be written: {error.strerror}") from None


def _conclude(file: Path, made: Draft) -> None:
    """Says what is left to do; raises Failed when a source was not read or the file is not whole."""
    output().print(f"{escape(str(file))} is written: {len(made.looks)} teams, {len(made.looks)} sources.")
    failed = [look.source.key for look in made.looks if look.found.error]
    if failed:
        raise Failed(f"{', '.join(failed)} could not be read; see above, then attune check --online")
    try:
        load_product(file)
    except ProductErrors as problem:
        raise Failed("\n".join(str(error) for error in problem.errors)) from None
    output().print("Next: fill in the owners there, then attune check --online and attune sync.")
