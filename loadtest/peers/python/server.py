"""The demo's protocol on Python's asyncio and `websockets`: what Hiroba began as, to be measured beside it.

Everything that a message passes through is there. Comings and goings are not told: they would be millions of notices
when thousands sign in, and are not what is compared.

Usage: server.py PORT
"""

import asyncio
import json
import sys
import uuid
from datetime import datetime, timezone

import websockets
from websockets.asyncio.server import broadcast, serve

rooms: dict[str, set] = {"general": set()}


def encode(frame):
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


def now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


def leave(socket, room):
    members = rooms.get(room, set())
    members.discard(socket)
    if not members and room != "general":
        rooms.pop(room, None)


async def talk(socket):
    client_id, name, joined = str(uuid.uuid4()), None, set()

    def join(room):
        joined.add(room)
        rooms.setdefault(room, set()).add(socket)

    try:
        async for text in socket:
            frame = json.loads(text)
            kind = frame["type"]
            if kind == "auth":
                name = frame["username"]
                join("general")
                await socket.send(encode({"type": "welcome", "client_id": client_id, "username": name,
                                          "message": f"Welcome, {name}!", "timestamp": now()}))
            elif name is None:
                await socket.send(encode({"type": "error", "message": "auth first", "timestamp": now()}))
            elif kind == "chat":
                room = frame["room"]
                if room not in joined:
                    join(room)
                broadcast(rooms[room], encode({"type": "message", "room": room, "sender": name, "sender_id": client_id,
                                               "content": frame["content"], "timestamp": now()}))
            elif kind == "typing":
                room = frame["room"]
                broadcast(rooms.get(room, set()) - {socket},
                          encode({"type": "typing", "room": room, "user": name, "user_id": client_id,
                                  "is_typing": frame["is_typing"]}))
            elif kind == "join_room":
                join(frame["room"])
            elif kind == "leave_room":
                joined.discard(frame["room"])
                leave(socket, frame["room"])
            elif kind == "ping":
                await socket.send(encode({"type": "pong", "timestamp": now()}))
    except websockets.ConnectionClosed:
        pass
    finally:
        for room in joined:
            leave(socket, room)


async def main():
    async with serve(talk, "127.0.0.1", int(sys.argv[1]), compression=None, backlog=4096) as server:
        await server.serve_forever()


asyncio.run(main())
