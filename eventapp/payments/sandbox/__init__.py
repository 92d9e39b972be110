"""A stand-in for Mollie that speaks its v2 wire format over HTTP, for the demo and the tests.

A program of its own: it imports nothing else of the app and keeps its own SQLite file. No real money moves.
"""

from .app import create_sandbox
from .server import SandboxServer, run

__all__ = ["SandboxServer", "create_sandbox", "run"]
