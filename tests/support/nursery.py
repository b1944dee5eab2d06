"""Starts the `kickoff` command without importing the product anew: a process that has imported it
forks for whoever asks.

Run as a program by `forked`, one for a test run's worker. To import all that the product is takes
three seconds of a core and more, and a run starts it some two hundred times. What is forked begins
where `kickoff` begins once it has imported itself: with its arguments, its environment and its
folder, in a session of its own, in `app.cli.main`.

Asked on the socket that is its standard input, one message a start: argv, folder and environment,
with the files for output and log and a pipe on which it is told the process' id, and later how it
ended.
"""

import array
import gc
import json
import os
import signal
import socket
import sys
from typing import Any


def main() -> None:
    asked = socket.socket(fileno=os.dup(0))
    _settle()
    # Its children are the keepers, of whom nobody asks how they ended.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    while message := _next(asked):
        wish, files = message
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            asked.close()
            _keep(wish, *files)
        for file in files:
            os.close(file)


def _settle() -> None:
    """Everything that a start makes first, whatever it is told."""
    from app.cli import main  # noqa: F401, PLC0415 -- here it is what takes the time
    from app.main import create_app  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    create_app(Settings(_env_file=None, database_url="sqlite://", secret_key="of no worth" * 4))
    gc.collect()
    gc.freeze()  # no collection writes into the pages that all of them share


def _next(asked: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    received, ancillary, _, _ = asked.recvmsg(1 << 20, socket.CMSG_SPACE(3 * 4))
    files = array.array("i")
    for _, _, data in ancillary:
        files.frombytes(data)
    return (json.loads(received), list(files)) if received else None


def _keep(wish: dict[str, Any], out: int, log: int, told: int) -> None:
    """Forks the product and waits for its end: only a parent learns how a process ended."""
    pid = os.fork()
    if pid == 0:
        os.close(told)
        _become(wish, out, log)
    os.close(out)
    os.close(log)
    os.write(told, f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    os.write(told, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _become(wish: dict[str, Any], out: int, log: int) -> None:
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(wish["folder"])
    null = os.open(os.devnull, os.O_RDONLY)
    for file, number in ((null, 0), (out, 1), (log, 2)):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(wish["environment"])
    sys.argv = wish["argv"]
    gc.unfreeze()
    from app.cli import main as kickoff  # noqa: PLC0415 -- imported long ago

    code: Any = 1
    try:
        kickoff()
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    main()
