"""`python -m eventapp.cli` is the console script, for processes that start others with their own Python."""

from eventapp.cli import main

main(prog_name="eventapp")
