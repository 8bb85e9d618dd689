"""Read a product file: all that is wrong with it at once, or the product."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from config.product.model import Product
from config.product.problems import Problem, ProductError, ProductErrors, field_name
from config.product.references import check
from config.product.tree import Tree, UnreadableError, parse
from config.product.variables import process_environment
from config.product.wording import worded

LARGEST = 1_000_000  # bytes

_OPTIONAL = tuple(name for name, info in Product.model_fields.items() if not info.is_required())


def load_product(path: Path | str, environment: Mapping[str, str] | None = None) -> Product:
    """``environment`` fills ``${NAME}``; None: the process's, and ``.env``. Raises ProductErrors."""
    told = process_environment() if environment is None else environment
    tree = _read(str(path), told)
    product, found = _checked(tree)
    problems = [*tree.problems, *_new(found, tree), *_new(check(tree), tree)]
    if product is None or problems:
        raise ProductErrors(_errors(str(path), tree, problems))
    return product


def product_remarks(path: Path | str, environment: Mapping[str, str] | None = None) -> list[str]:
    """What was put right in values that a readable product file names, each once. Raises ProductErrors."""
    told = process_environment() if environment is None else environment
    return list(dict.fromkeys(_read(str(path), told).remarks))


def _read(file: str, environment: Mapping[str, str]) -> Tree:
    wrong: UnreadableError
    try:
        tree = parse(_text(file), environment)
    except UnreadableError as error:
        wrong = error
    else:
        _leave_out_empty_sections(tree)
        return tree
    raise ProductErrors([ProductError(file, wrong.line, "", str(wrong))])


def _text(file: str) -> str:
    try:
        with Path(file).open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or "not a path"
        hint = ", which `attune init` drafts" if isinstance(error, FileNotFoundError) else ""
        wanted = f"expected a product file there{hint}"
        raise UnreadableError(None, f"cannot be read ({reason}); {wanted}") from None
    if len(content) > LARGEST:
        raise UnreadableError(None, f"is larger than {LARGEST} bytes; expected a product file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError(line, "is not UTF-8 text") from None


def _leave_out_empty_sections(tree: Tree) -> None:
    """``goals:`` with nothing below it, say since all of it is commented out, is no goals."""
    if isinstance(tree.data, dict):
        empty = [name for name in _OPTIONAL if name in tree.data and tree.data[name] is None]
        tree.data = {name: value for name, value in tree.data.items() if name not in empty}


def _checked(tree: Tree) -> tuple[Product | None, list[Problem]]:
    if tree.data is None and not tree.problems:
        return None, [Problem((), "is empty; expected product, teams and sources")]
    try:
        return Product.model_validate(tree.data), []
    except ValidationError as error:
        return None, worded(error, tree)


def _new(found: Iterable[Problem], tree: Tree) -> list[Problem]:
    """Not about what could not even be read: that has been said."""
    known = {problem.path for problem in tree.problems}
    return [problem for problem in found if problem.path not in known]


def _errors(file: str, tree: Tree, problems: Iterable[Problem]) -> list[ProductError]:
    found = {
        ProductError(file, problem.line or tree.line(problem.path), field_name(problem.path), problem.text)
        for problem in problems
    }
    return sorted(found, key=lambda one: (one.line or 0, one.field, one.message))
