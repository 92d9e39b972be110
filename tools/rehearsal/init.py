"""A stand-in for systemd where none runs: starts and stops the units of ours as their files say. Runs as `systemctl`.

It is copied into the rehearsal's Debian and uses nothing but Python. A first call leaves a process behind that holds
the sockets and the services; later calls talk to it. Of the units it reads what this needs: sockets, commands, users,
folders and settings; that the files are right as a whole `systemd-analyze verify` says.
"""

import configparser
import json
import os
import pwd
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

CONTROL = "/run/rehearsal-init"
UNITS = Path("/etc/systemd/system")
START_WITHIN = 5.0


class Unit(configparser.RawConfigParser):
    """A unit file; of a key that stands there twice the last counts, but for Environment, of which all do."""

    def __init__(self, name: str) -> None:
        super().__init__(strict=False, interpolation=None, comment_prefixes=("#",))
        self.optionxform = str  # type: ignore[assignment, method-assign]
        self.read(UNITS / name)


class Init:
    """What systemd would hold: listening sockets by unit, and running processes by unit."""

    def __init__(self) -> None:
        self.sockets: dict[str, socket.socket] = {}
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        if name.endswith(".socket"):
            self._open(name)
        elif name.endswith(".service") and not self._alive(name):
            self._run(name)

    def stop(self, name: str) -> None:
        if self._alive(name):
            self.running[name].send_signal(signal.SIGTERM)
            self.running[name].wait(float(Unit(name).get("Service", "TimeoutStopSec", fallback="90")))

    def _alive(self, name: str) -> bool:
        return name in self.running and self.running[name].poll() is None

    def _open(self, name: str) -> None:
        if name not in self.sockets:
            host, _, port = Unit(name).get("Socket", "ListenStream").rpartition(":")
            self.sockets[name] = socket.create_server((host, int(port)), backlog=2048)

    def _run(self, name: str) -> None:
        """Start a service; one that ends within seconds failed. A `oneshot` is waited for."""
        unit = Unit(name)
        account = pwd.getpwnam(unit.get("Service", "User"))
        for key, parent in (("RuntimeDirectory", "/run"), ("StateDirectory", "/var/lib")):
            if wanted := unit.get("Service", key, fallback=""):
                folder = Path(parent, wanted)
                folder.mkdir(exist_ok=True)
                os.chown(folder, account.pw_uid, account.pw_gid)
        door = self.sockets.get(name.replace(".service", ".socket"))
        command = shlex.split(unit.get("Service", "ExecStart").replace("%%", "%"))
        if door:
            # The process that serves has to be the one whose number LISTEN_PID says, hence exec.
            command = ["bash", "-c", f"exec 3<&{door.fileno()}; LISTEN_PID=$$ LISTEN_FDS=1 exec {shlex.join(command)}"]
        self.running[name] = subprocess.Popen(
            command,
            cwd=unit.get("Service", "WorkingDirectory"),
            env=self._environment(unit),
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            pass_fds=(door.fileno(),) if door else (),
            stdout=os.open(f"/var/log/{name}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._watch(name, once=unit.get("Service", "Type") == "oneshot")

    def _watch(self, name: str, *, once: bool) -> None:
        try:
            code = self.running[name].wait(120 if once else START_WITHIN)
        except subprocess.TimeoutExpired:
            return
        if code or not once:
            raise RuntimeError(f"{name} ended with {code}: {Path('/var/log', f'{name}.log').read_text()[-2000:]}")

    @staticmethod
    def _environment(unit: Unit) -> dict[str, str]:
        settings = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        for line in Path(unit.get("Service", "EnvironmentFile")).read_text().splitlines():
            name, _, value = line.partition("=")
            settings[name] = value.strip('"')
        name, _, value = unit.get("Service", "Environment", fallback="").partition("=")
        return {**settings, name: value} if name else settings


def serve() -> None:
    """Do what is asked, one call after the other, until the end of the rehearsal."""
    init = Init()
    control = socket.socket(socket.AF_UNIX)
    control.bind(CONTROL)
    control.listen()
    while True:
        caller, _ = control.accept()
        with caller:
            verb, names = json.loads(caller.recv(65536))
            caller.sendall(_answer(init, verb, names).encode())


def _answer(init: Init, verb: str, names: list[str]) -> str:
    try:
        for name in names:
            if verb in ("stop", "restart"):
                init.stop(name)
            if verb in ("start", "restart", "enable"):
                init.start(name)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def main() -> int:
    """What `systemctl` was asked."""
    verb, *names = [word for word in sys.argv[1:] if word != "--now"]
    if verb == "daemon-reload":
        return 0
    if names == ["nginx"]:
        return subprocess.run(["/etc/init.d/nginx", verb], stdout=subprocess.DEVNULL).returncode
    if not os.path.exists(CONTROL):
        if os.fork() == 0:
            os.setsid()
            nowhere = os.open(os.devnull, os.O_RDWR)
            # Who called waits until nobody writes to it any more.
            for standard in (0, 1, 2):
                os.dup2(nowhere, standard)
            serve()
        while not os.path.exists(CONTROL):
            time.sleep(0.05)
    with socket.socket(socket.AF_UNIX) as control:
        control.connect(CONTROL)
        control.sendall(json.dumps([verb, names]).encode())
        said = control.makefile().read()
    print(said, end="", file=sys.stderr)
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
