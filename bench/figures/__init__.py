"""One figure each: what is measured, its bar, and how the rounds are run."""
