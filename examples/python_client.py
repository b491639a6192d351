"""A chat client in thirty lines: pip install websockets, then python python_client.py [ws://host:port]"""

import asyncio
import json
import sys

import websockets


async def main(url):
    async with websockets.connect(url) as socket:
        await socket.send(json.dumps({"type": "auth", "username": "PythonBot"}))
        welcome = json.loads(await socket.recv())
        assert welcome["type"] == "welcome", welcome
        print(f"connected as {welcome['username']}")

        message = {"type": "chat", "room": "general", "content": "Hello from Python!"}
        await socket.send(json.dumps(message))
        while True:
            frame = json.loads(await socket.recv())
            if frame["type"] == "message":
                print(f"{frame['sender']}: {frame['content']}")
            else:
                print(frame)


if __name__ == "__main__":
    try:
        asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "ws://localhost:8765"))
    except KeyboardInterrupt:
        pass
