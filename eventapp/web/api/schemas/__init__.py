"""What do bodies and queries of the API look like? Declared once: they check, they answer, they are published."""
