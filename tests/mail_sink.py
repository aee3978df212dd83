"""A mail server of the test's own on a loopback port: it takes letters, or says no as it was told to, and remembers everything."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailSink:
    """What it has taken, and whom it takes nothing for."""

    port: int = 0
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    closed: bool = False
    """Whether it takes no letter at all."""
    logins: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """As the settings would say."""
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """The letters that one address has got."""
        return [letter for whose, letter in self.letters if whose == address]


@contextmanager
def a_mail_sink() -> Iterator[MailSink]:
    """One that listens until the block ends."""
    sink = MailSink()

    class Talk(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 sink")
            to = ""
            while line := self.rfile.readline():
                word, _, rest = line.decode().strip().partition(" ")
                match word.upper():
                    case "EHLO":
                        self.say("250-sink")
                        self.say("250 AUTH PLAIN")
                    case "AUTH":
                        sink.logins.append(rest)
                        self.say("235 welcome")
                    case "MAIL" if sink.closed:
                        self.say("451 later, please")
                    case "RCPT":
                        to = rest.partition("<")[2].partition(">")[0]
                        self.say("550 5.1.1 nobody here" if to in sink.refuses else "250 fine")
                    case "DATA":
                        self.say("354 go on")
                        lines = []
                        while (line := self.rfile.readline()) != b".\r\n":
                            lines.append(line.removeprefix(b"."))
                        letter = message_from_bytes(b"".join(lines), policy=policy.default)
                        assert isinstance(letter, EmailMessage)
                        sink.letters.append((to, letter))
                        self.say("250 taken")
                    case "QUIT":
                        self.say("221 bye")
                        return
                    case _:
                        self.say("250 fine")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        sink.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield sink
        finally:
            server.shutdown()
            thread.join()
