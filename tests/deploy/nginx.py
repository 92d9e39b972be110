"""nginx with our file, in front of a web server on this machine."""

import re
import subprocess
from pathlib import Path

from tests.cli.console import ROOT

NAME = "aanmelden.uwvereniging.example"
# As docs/production.md sets them.
_LINES = "events { worker_connections 8192; } worker_rlimit_nofile 20000;"


def prepare(folder: Path, *, plain: int, secure: int, behind: int) -> list[str]:
    """The command of an nginx on these ports, which sends on to `behind`; its certificate stands in the folder."""
    _certify(folder)
    ours = (ROOT / "deploy" / "nginx" / "eventapp.conf").read_text()
    ours = re.sub(r"listen \[::\]:.*\n", "", ours)
    ours = ours.replace("listen 80;", f"listen 127.0.0.1:{plain};").replace(
        "listen 443 ssl", f"listen 127.0.0.1:{secure} ssl"
    )
    ours = ours.replace(f"/etc/letsencrypt/live/{NAME}/", f"{folder}/").replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    ours = ours.replace("/var/log/nginx/", f"{folder}/")
    held = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    path = folder / "nginx.conf"
    path.write_text(f"pid {folder}/nginx.pid; {_LINES} http {{ {held} {ours} }}")
    return ["nginx", "-c", str(path), "-e", "stderr"]


def _certify(folder: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},IP:127.0.0.1"]
    command += ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(command, check=True, capture_output=True)
