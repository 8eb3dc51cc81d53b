"""Simulated time: weeks of polling hundreds of publishers in seconds, logged as the publishers saw it.

::

    loop       an event loop on which waiting takes no time: when idle, it jumps to its next timer
    publishers the content, answers and outages of each publisher: a function of the seed and the time
    web        the fake transport, which logs each request before it answers
    polling    the real Poller, SQLite store and Fetcher, on that loop, clock and transport
    log        the log of requests and recorded polls
    score      the politeness scorecard over the log (requirement G9)
    killer     a process that polls in child processes and kills them (requirement A4)

Only time and the wire are simulated. Start with test_thirty_days.py.
"""
