"""How does gunicorn speak of itself? In the same form and place as the rest of the house."""

import logging
import sys
from typing import Any

from gunicorn.glogging import Logger

from eventapp.logs import JsonLines


class ServerLogger(Logger):
    """For gunicorn's `--logger-class`."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        self.error_log.handlers = [handler]
