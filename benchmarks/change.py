"""`python -m benchmarks.change EVENT` changes an event's title to each line it reads, then says that line."""

import sys

from webapp import create_app, transaction
from webapp.extensions import db
from webapp.models.events import Event


def main(event_id: int) -> None:
    """Make a change for each line, in a unit of its own, until there are no more."""
    app = create_app()
    with app.app_context():
        for line in sys.stdin:
            with transaction.unit():
                db.session.get_one(Event, event_id).title = line.strip()
            print(line.strip(), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
