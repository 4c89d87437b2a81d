"""A mail server for tests: `python server.py HOME PORT [CERTIFICATE]`.

It does what the word in the file `behaviour` in its home says, and leaves each mail that it has taken on, parsed, in
`mails`. With a certificate it takes mails over TLS only, begun by STARTTLS, from who knows the password.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult

# Longer than anything takes that is in order, and shorter than the patience of a client.
LATE = 3
USER, PASSWORD = b"mail", b"p@ss:word"


class Handler:
    def __init__(self, home):
        self.home = home
        self.taken = 0

    def behaves(self, *how):
        return (self.home / "behaviour").read_text() in how

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.behaves("unknown"):
            return f"550 5.1.1 <{address}> User unknown"
        if self.behaves("greylist"):
            return "451 4.7.1 Greylisted, please try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.behaves("spam"):
            return "554 5.6.0 We do not want this"
        if self.behaves("late"):
            await asyncio.sleep(LATE)
        self.keep(envelope)
        if self.behaves("drop"):
            server.transport.abort()
        return "250 OK"

    def keep(self, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        part = lambda kind: mail.get_body(preferencelist=(kind,)).get_content()
        parsed = {
            "envelope_from": envelope.mail_from,
            "envelope_to": envelope.rcpt_tos,
            "heads": {name.lower(): str(value) for name, value in mail.items()},
            "text": part("plain"),
            "html": part("html"),
            "defects": [str(defect) for one in mail.walk() for defect in one.defects],
        }
        self.taken += 1
        file = self.home / "mails" / f"{self.taken:06}.json"
        # Renamed into place, so that nobody reads half of it.
        file.with_suffix(".part").write_text(json.dumps(parsed))
        file.with_suffix(".part").rename(file)


def knows(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (USER, PASSWORD))


async def main(home, port, certificate=None):
    (home / "mails").mkdir(exist_ok=True)
    security = {}
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        security = dict(tls_context=context, require_starttls=True, authenticator=knows, auth_required=True)
    handler = Handler(home)
    loop = asyncio.get_running_loop()
    make = lambda: SMTP(handler, hostname="localhost", loop=loop, **security)
    server = await loop.create_server(make, host="127.0.0.1", port=port)
    await server.serve_forever()


asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
