"""How much memory each process needs at most, sign-ins by password included."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from benchmarks import demonstration
from benchmarks.client import Connection
from benchmarks.figures import Figure, at_most, exactly
from benchmarks.run import Run
from benchmarks.servers import Installation, gunicorn
from webapp import clock, transaction
from webapp.extensions import db
from webapp.models.accounts import Account, Person
from webapp.services.accounts import hash_password

AT_A_TIME = 8
PASSWORD = "a password for benchmarks only"
MOST = 200


def measure(run: Run) -> Iterator[Figure]:
    """The figures of memory; of what was measured before in this run, too."""
    people = run.quick_or(16, 64)
    database = run.databases[0]
    installation = Installation("sign-ins", run.folder, run.database("sign_ins", database))
    app = installation.migrate()
    shown = demonstration.load(app)
    with app.app_context():
        hashed = hash_password(PASSWORD, memory_kib=app.config["SETTINGS"].password_memory_kib)
        now = clock.now()
        stamps = {"created_at": now, "updated_at": now}
        emails = [f"signs.in{number}@example.org" for number in range(people)]
        with transaction.unit():
            for email in emails:
                person = Person(name="Robin Ashdown", email=email, email_folded=email, **stamps)
                person.account = Account(password_hash=hashed, **stamps)
                db.session.add(person)
        db.engine.dispose()
    with (
        gunicorn(installation.name, "wsgi:app", installation.environment, run.folder, shown.event) as server,
        ThreadPoolExecutor(AT_A_TIME) as crowd,
    ):
        entered = sum(crowd.map(lambda pair: _sign_in(server.port, shown.agenda, *pair), enumerate(emails)))
        run.note_memory("web process, sign-ins by password 8 at a time", server)
    yield exactly("sign-ins by password", entered, people, "people")
    for what, megabytes in run.memory.items():
        yield at_most(f"memory of the largest {what}", megabytes, MOST, "MB")


def _sign_in(port: int, address: str, number: int, email: str) -> bool:
    """Sign in as a person does, and look at an agenda; gives whether that person was let in."""
    with Connection(port, X_Forwarded_For=f"10.1.{number >> 8}.{number & 255}") as browser:
        token = browser.get("/sign-in/password").token
        sent = browser.post("/sign-in/password", {"csrf_token": token, "email": email, "password": PASSWORD})
        agenda = browser.get(address)
    return sent.status == 302 and agenda.status == 200 and b"Sign out" in agenda.body
