// A room server on Node and `ws`, as one writes it first: every member is sent the text that came.
// Usage: node server.js PORT

import http from "node:http";
import { WebSocketServer } from "ws";

const rooms = new Map();
const server = http.createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });

sockets.on("connection", (socket) => {
  const joined = new Set();
  socket.on("message", (data) => {
    const frame = JSON.parse(data);
    if (frame.type === "join") {
      joined.add(frame.room);
      if (!rooms.has(frame.room)) rooms.set(frame.room, new Set());
      rooms.get(frame.room).add(socket);
      socket.send(JSON.stringify({ type: "joined", room: frame.room }));
    } else if (frame.type === "publish") {
      const text = JSON.stringify({ type: "message", room: frame.room, data: frame.data });
      for (const member of rooms.get(frame.room) ?? []) member.send(text);
    }
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    for (const room of joined) {
      rooms.get(room)?.delete(socket);
      if (rooms.get(room)?.size === 0) rooms.delete(room);
    }
  });
});

server.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
