"""The live room: phones, console and projector on sockets, one set of data behind them."""
