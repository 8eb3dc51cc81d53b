"""Simulated time: weeks of polling hundreds of publishers in seconds, and what those publishers saw of it.

::

    loop       an event loop on which waiting takes no time: idle, it jumps to its next timer
    publishers what each publisher has, says and suffers at each instant: a function of the seed and the time
    web        the transport: writes each request down before it is answered, as the publishers would
    polling    the real Poller, SQLite store and Fetcher, on that loop, clock and transport
    score      the log, and the politeness scorecard over it (requirement G9)
    nursery    a process that polls in children of its own and kills them (requirement A4)

Only time and the wire are simulated. Start with test_thirty_days.py.
"""
