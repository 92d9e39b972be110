"""Mail: compose.py writes a row in the outbox, deliver.py sends one."""
