import gc

from webapp import create_app

app = create_app()
# What was built stays to the end. Looking through all of it for garbage takes a fifth of a second, in the middle of
# somebody's request; and processes that come of this one share what is never looked through.
gc.collect()
gc.freeze()
