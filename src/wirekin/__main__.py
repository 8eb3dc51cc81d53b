"""`python -m wirekin` is the `wirekin` command."""

from wirekin.cli import main

if __name__ == "__main__":
    main()
