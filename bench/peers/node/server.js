// The same poll with socket.io and Node's own SQLite, as their documentation teaches it:
// one commit per vote (WAL, synchronous=FULL), acknowledged after it, the tally at most ten times a second.
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { Server } from "socket.io";

const [port, path] = process.argv.slice(2);
const FRAME_MS = 100;

const database = new DatabaseSync(path);
database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000");
database.exec("CREATE TABLE IF NOT EXISTS vote (participant TEXT PRIMARY KEY, seq INTEGER NOT NULL, option TEXT NOT NULL)");
const save = database.prepare(
  `INSERT INTO vote (participant, seq, option) VALUES (?, ?, ?)
   ON CONFLICT (participant) DO UPDATE SET seq = excluded.seq, option = excluded.option WHERE excluded.seq > vote.seq`,
);
const tally = database.prepare("SELECT option, count(*) AS count FROM vote GROUP BY option");

const http = createServer();
const io = new Server(http, { transports: ["websocket"] });

let pending = null;
function touch() {
  pending ??= setTimeout(() => {
    pending = null;
    const counts = Object.fromEntries(tally.all().map(({ option, count }) => [option, count]));
    io.emit("state", { tally: counts });
  }, FRAME_MS);
}

io.on("connection", (socket) => {
  const participant = socket.handshake.query.participant;
  socket.on("vote", (vote, acknowledge) => {
    save.run(participant, vote.seq, vote.option);
    acknowledge({ id: vote.id });
    touch();
  });
});

http.listen(Number(port), "127.0.0.1");
