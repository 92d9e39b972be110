"""`make rehearse`: docs/production.md from the first command to the last, in a fresh Debian in a folder. Needs root.

What a machine without a public name cannot do is left out: Let's Encrypt. Its certificate comes from a key of our own,
which the Debian in the folder trusts. Where systemd does not run, `init.py` stands in for it. Ends with a table of what
was done, how long it took, and who was refused meanwhile; exit code 1 as soon as a step fails or a visitor is refused.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import release
from tools.rehearsal.manual import MANUAL, Step, steps
from tools.rehearsal.visitors import Visitors

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "build" / "rehearsal-base"
# The manual says to put one's own name everywhere in the place of the first.
PRINTED, NAME = "aanmelden.uwvereniging.example", "inschrijven.kringwest.example"
LIVE = f"etc/letsencrypt/live/{NAME}"
MIRROR = "http://deb.debian.org/debian"
# Whom this machine trusts on its way to the registries.
TRUSTED = Path("/etc/ssl/certs/ca-certificates.crt")
NEXT = "0.1.1"
# A table more, as a next release might bring.
MIGRATION = '''"""A table for the rehearsal of an update."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    op.create_table("rehearsals", sa.Column("id", sa.Integer, primary_key=True))


def downgrade() -> None:
    op.drop_table("rehearsals")
'''


class Failed(Exception):
    """A step that did not do what the manual says."""


class House:
    """A Debian in a folder, in which commands are run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, commands: str) -> str:
        """Run them as root in a shell that stops at the first that fails. Raises Failed with what it said."""
        done = subprocess.run(
            ["chroot", str(self.folder), "bash", "-euo", "pipefail", "-c", commands],
            env={**_settings_for_fetching(), "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
            capture_output=True,
            text=True,
            timeout=900,
        )
        if done.returncode:
            raise Failed(f"{commands}\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
        return done.stdout

    def expect(self, commands: str, words: str) -> None:
        if words not in (said := self.run(commands)):
            raise Failed(f"{commands}: {words!r} is not in {said!r}")


def main() -> int:
    if os.geteuid() != 0:
        print("rehearse: needs root, for a Debian in a folder", file=sys.stderr)
        return 1
    try:
        _make_base()
        with _fresh_debian() as house:
            rows = _rehearse(house)
    except Failed as failure:
        print(f"rehearse: {failure}", file=sys.stderr)
        return 1
    for what, seconds, remark in rows:
        print(f"{what:<40}{seconds:>7.1f} s  {remark}")
    return 0


def _rehearse(house: House) -> list[tuple[str, float, str]]:
    manual = steps(MANUAL.read_text())
    install = [step for step in manual if step.occasion == ""]
    rows = [_take(house, install[0])]
    # Where an init runs, Debian's packages start what they bring.
    house.run("service postgresql start && service nginx start")
    rows += [_take(house, step) for step in install[1:] if step.heading[0] < "7"]
    _certify(house)
    rows += [_take(house, step) for step in install[1:] if step.heading[0] >= "7"]
    house.expect(f"curl --fail --silent https://{NAME}/readyz", '"database":"ok"')
    house.expect("eventapp doctor || true", "ok    erasures")
    for occasion in ("upgrade", "rollback", "restore"):
        (step,) = [step for step in manual if step.occasion == occasion]
        rows.append(_take_with_visitors(house, step))
        house.expect("eventapp doctor || true", "ok    schema")
        house.expect("runuser -u postgres -- psql -qtAc 'SELECT count(*) FROM staff' eventapp", "1")
    rows.append(_take_with_visitors(house, Step("Opnieuw starten", "", "systemctl restart eventapp-web.service")))
    return rows


def _take(house: House, step: Step) -> tuple[str, float, str]:
    began = time.monotonic()
    house.run(step.commands.replace(PRINTED, NAME))
    return step.heading, time.monotonic() - began, ""


def _take_with_visitors(house: House, step: Step) -> tuple[str, float, str]:
    """Carry the step out while people visit; nobody may be refused."""
    with Visitors(NAME, house.folder / LIVE / "fullchain.pem") as visitors:
        heading, seconds, _ = _take(house, step)
        time.sleep(2)
    if visitors.refused:
        raise Failed(f"{heading}: {len(visitors.refused)} refused, the first: {visitors.refused[0]}")
    return heading, seconds, f"{visitors.answered} visits, none refused, the longest wait {visitors.longest:.1f} s"


def _make_base() -> None:
    """A bare Debian, fetched once and kept under build/. Raises Failed when it cannot be had."""
    if BASE.exists():
        return
    if shutil.which("debootstrap") is None:
        raise Failed("needs debootstrap: apt-get install --yes debootstrap")
    print("rehearse: fetching a bare Debian", flush=True)
    BASE.parent.mkdir(exist_ok=True)
    partial = BASE.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    # Made elsewhere: debootstrap breaks off in a folder with a space in its path, as a clone may have.
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as scratch:
        _debootstrap(Path(scratch, "base"))
        subprocess.run(["cp", "--archive", f"{scratch}/base", str(partial)], check=True)
    partial.rename(BASE)


def _debootstrap(folder: Path) -> None:
    command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm", str(folder), MIRROR]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise Failed(f"no bare Debian from {MIRROR}\n{done.stdout[-2000:]}")


@contextmanager
def _fresh_debian() -> Iterator[House]:
    """A copy of the bare one with the archives of two releases in /root; all that runs in it is ended afterwards."""
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as scratch:
        folder = Path(scratch, "root")
        subprocess.run(["cp", "--archive", str(BASE), str(folder)], check=True)
        for source in ("proc", "dev"):
            subprocess.run(["mount", "--rbind", "--make-rslave", f"/{source}", str(folder / source)], check=True)
        try:
            _furnish(folder)
            yield House(folder)
        finally:
            _end_all_in(folder)
            for source in ("dev", "proc"):
                subprocess.run(["umount", "--recursive", "--lazy", str(folder / source)], check=True)


def _furnish(folder: Path) -> None:
    """What a machine has before its owner begins: a network, a name, and the archives that were brought."""
    for file in ("resolv.conf", "pip.conf"):
        if Path("/etc", file).exists():
            shutil.copy(Path("/etc", file), folder / "etc" / file)
    if TRUSTED.exists():
        shutil.copy(TRUSTED, folder / "etc/ssl/outside.crt")
    with (folder / "etc" / "hosts").open("a") as hosts:
        hosts.write(f"127.0.0.1 localhost {NAME}\n")
    shutil.copy(Path(__file__).with_name("init.py"), folder / "usr/local/bin/systemctl")
    text = folder / "usr/local/bin/systemctl"
    text.write_text("#!/usr/bin/python3\n" + text.read_text())
    text.chmod(0o755)
    archive = release.make_archive(folder / "root")
    _next_release(archive)
    for made in (folder / "root").glob("*.tar.gz"):
        digest = subprocess.run(["sha256sum", made.name], cwd=made.parent, capture_output=True, text=True, check=True)
        made.with_name(f"{made.name}.sha256").write_text(digest.stdout)


def _next_release(archive: Path) -> None:
    """The same with another number and one migration more."""
    present = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    heads = sorted(path.name[:4] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as scratch:
        with tarfile.open(archive) as source:
            source.extractall(scratch, filter="data")
        folder = Path(scratch, f"eventapp-{present}").rename(Path(scratch, f"eventapp-{NEXT}"))
        project = folder / "pyproject.toml"
        project.write_text(project.read_text().replace(f'version = "{present}"', f'version = "{NEXT}"', 1))
        (folder / "migrations/versions/9999_rehearsal.py").write_text(MIGRATION.format(head=heads[-1]))
        with tarfile.open(archive.with_name(f"eventapp-{NEXT}.tar.gz"), "w:gz") as out:
            out.add(folder, folder.name)


def _certify(house: House) -> None:
    """In the place of Let's Encrypt."""
    house.run(
        f"mkdir --parents /{LIVE} && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        f" -subj /CN={NAME} -addext subjectAltName=DNS:{NAME} -keyout /{LIVE}/privkey.pem -out /{LIVE}/fullchain.pem"
        f" 2>/dev/null && cp /{LIVE}/fullchain.pem /usr/local/share/ca-certificates/own.crt"
        " && update-ca-certificates >/dev/null"
    )


def _end_all_in(folder: Path) -> None:
    """End every process that lives in this folder, and wait until they are gone."""
    for signal in (15, 9):
        living = [path.parent.name for path in Path("/proc").glob("[0-9]*/root") if _lives_in(path, folder)]
        for number in living:
            subprocess.run(["kill", f"-{signal}", number], capture_output=True)
        deadline = time.monotonic() + 20
        while any(Path("/proc", number).exists() for number in living) and time.monotonic() < deadline:
            time.sleep(0.2)


def _lives_in(root: Path, folder: Path) -> bool:
    try:
        return Path(os.readlink(root)).is_relative_to(folder)
    except OSError:
        return False


def _settings_for_fetching() -> dict[str, str]:
    """How this machine reaches the registries, if it needs anything for that."""
    taken = ("pip_", "http", "no_proxy")
    found = {name: value for name, value in os.environ.items() if name.lower().startswith(taken)}
    return {**found, "PIP_CERT": "/etc/ssl/outside.crt"} if TRUSTED.exists() else found


if __name__ == "__main__":
    sys.exit(main())
