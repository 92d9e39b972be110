"""What the Nu HTML checker says of pages."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.page_tools import page_tools

# All pages in one run, which is over before a better compiler would pay.
_JAVA = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m", "-jar")


def errors(pages: Mapping[str, str], folder: Path) -> list[str]:
    """Every error in the HTML of these pages, by name; the files are written in this folder."""
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text)
    checker = [*_JAVA, page_tools().html_checker, "--errors-only", "--format", "json", "--exit-zero-always"]
    done = subprocess.run([*checker, *sorted(folder.glob("*.html"))], stderr=subprocess.PIPE, text=True, check=True)
    messages = json.loads(done.stderr)["messages"]
    return [f"{Path(said['url']).stem}: {said['message']} {said.get('extract', '')!r}" for said in messages]
