"""The rehearsal's own tests: its clients, its people and its judge."""
