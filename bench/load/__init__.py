"""The generators: each runs in its own process on its own core and prints one JSON object."""
