"""What `make` needs to run Waymark on one's own machine; the running service imports nothing of it.

`python -m webapp.development` starts everything, `assets` copies the design system's files and `mailbox`
keeps the mail.
"""
