"""What can be asked: every select in the program.

Queries read only, load at once what a page shows, and give rows in a total order, a page at a time. `find_`
may give None, `get_` raises NotFound, plurals give lists; a query finds only what that person may reach.
"""
