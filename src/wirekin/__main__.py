"""The `wirekin` command and `python -m wirekin`.

A parser's process loads the script of the command anew (multiprocessing's spawn), and with it this module: so nothing
else is loaded before it is asked for. The command line would be 5 MB of each such process (2026-11).
"""


def main() -> None:
    """Run the command."""
    from wirekin.cli import main as run

    run()


if __name__ == "__main__":
    main()
