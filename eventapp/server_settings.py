"""How does gunicorn serve our app? Read by gunicorn as its configuration, so every name here is one of its settings."""

worker_class = "gthread"
# Whoever comes in a crowd waits in the system's line, which is long; a process never runs out of files (1,024).
backlog = 4096
worker_connections = 500
# It needs a writable home and is never used.
control_socket_disable = True
loglevel = "warning"
logger_class = "eventapp.server_log.ServerLogger"
graceful_timeout = 30
timeout = 60
