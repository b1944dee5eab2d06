"""The duties of the house, in one list: what is asked every so often (operations/duties)."""


def install() -> None:
    """Asked once by whoever starts a process."""
