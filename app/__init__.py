"""The product. How it is put together: CONTRIBUTING.md."""

import gc

# Before anything is imported. With the default of 700 objects the collector goes through all that
# has been imported some hundred times on the way, a sixth of the time from start to first answer;
# with a room full of sockets it goes through those, during which no vote is taken. Votes make no
# cycles; what does is rare and can wait.
gc.set_threshold(50_000, 20, 100)
