"""One file a kind; found by the registry. They do not know each other."""
