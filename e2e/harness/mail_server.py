"""A real mail server (aiosmtpd) on a free port. Prints the port, then each mail that it takes, as lines of JSON."""

import asyncio
import email
import email.policy
import json

from aiosmtpd.smtp import SMTP


def say(what):
    print(json.dumps(what), flush=True)


class Printer:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        say({"to": envelope.rcpt_tos, "subject": mail["subject"], "text": mail.get_content()})
        return "250 taken"


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Printer(), hostname="localhost"), "127.0.0.1", 0)
    say({"port": server.sockets[0].getsockname()[1]})
    await server.serve_forever()


asyncio.run(main())
