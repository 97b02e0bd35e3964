"""How fast Waymark is, each figure measured against a floor in the same run: `make bench`.

A machine's speed swings within minutes, so nothing here is an absolute time: the program and its floor are
measured in short slices beside each other, many times, and what counts is the median of the ratios.
"""
