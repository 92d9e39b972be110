"""The sandbox is a program of its own: it knows nothing of the app, and keeps what it knows in its own file."""

import ast
from pathlib import Path

from eventapp.payments import sandbox as package
from tests.payments.conftest import new_payment
from tests.sandbox import running_sandbox

FOLDER = Path(package.__file__).parent


def test_sandbox_imports_nothing_of_ours() -> None:
    imported = [(path.name, *found) for path in sorted(FOLDER.rglob("*.py")) for found in _imports(path)]

    ours = [found for found in imported if found[1].split(".")[0] in ("eventapp", "config", "tests") or found[2] > 1]

    assert len(imported) > 30
    assert ours == []


def test_sandbox_does_not_use_the_client_it_stands_in_for() -> None:
    modules = {module.split(".")[0] for path in FOLDER.rglob("*.py") for module, level in _imports(path) if not level}

    assert modules.isdisjoint({"mollie", "requests", "sqlalchemy"})


def test_payments_survive_a_restart(tmp_path: Path) -> None:
    database = str(tmp_path / "zandbak.db")
    with running_sandbox(database) as first:
        payment_id = first.gateway().create_payment(new_payment()).id

    with running_sandbox(database) as second:
        picture = second.gateway().fetch_payment(payment_id)

    assert (picture.status, picture.amount_cents) == ("open", 9500)


def _imports(path: Path) -> list[tuple[str, int]]:
    """Every imported module of a file with the number of dots before it."""
    found: list[tuple[str, int]] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [(name.name, 0) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.module or "", node.level))
    return found
