"""What is stored. Importing this package registers every table."""

from app.models import activities, agenda, kickoffs, organisations, people, rooms

__all__ = ["activities", "agenda", "kickoffs", "organisations", "people", "rooms"]
