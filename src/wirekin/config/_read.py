"""A file -> Config, with every problem found on the way; and where the file is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from wirekin.config._build import build
from wirekin.config._model import Config
from wirekin.config._nodes import MOST_BYTES, YamlError, decode
from wirekin.errors import ConfigError

FILE = "feeds.yml"


def load(path: Path) -> Config:
    """The configuration in a file.

    Raises: ConfigError with every problem as ``file:line:column: path: message``.
    """
    return parse_config(read_text(path), path)


def read_text(path: Path) -> str:
    """The text of a configuration file.

    Raises: ConfigError where it is missing, not readable, too large or not UTF-8.
    """
    try:
        with path.open("rb") as file:
            return decode(file.read(MOST_BYTES + 1))
    except FileNotFoundError:
        raise ConfigError([f"{shown(path)}: there is no such file: `wirekin init` writes one to start from"]) from None
    except OSError as error:
        raise ConfigError(
            [f"{shown(path)}: cannot be read: {error.strerror}: mend that, or --config names another"]
        ) from None
    except YamlError as error:
        raise ConfigError([f"{shown(path)}:{error.line}:{error.column}: {error.message}"]) from None


def parse_config(text: str, path: Path) -> Config:
    """The configuration that a text says; `path` is what errors name.

    Raises: ConfigError.
    """
    from wirekin.config._quick import Unsure, read_quickly  # libyaml takes 15 ms; lists do not need it

    with suppress(Unsure, ConfigError):  # a mistake is read again slowly, to say where it is
        return build(read_quickly(text), shown(path))
    from wirekin.config._yaml import read  # ruamel: 10 ms and 2 MB, only for a file with a mistake

    try:
        root = read(text)
    except YamlError as error:
        raise ConfigError([f"{shown(path)}:{error.line}:{error.column}: {error.message}"]) from None
    return build(root, shown(path))


def shown(path: Path) -> str:
    """A path for a person: as short as the working directory allows."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def find(explicit: Path | None, env: Mapping[str, str], cwd: Path) -> Path:
    """The configuration file: --config, WIREKIN_CONFIG, ./feeds.yml, else XDG's wirekin/feeds.yml if it is there.

    Where there is none at all, ./feeds.yml: what `wirekin init` would write.
    """
    if explicit is not None:
        return explicit
    if env.get("WIREKIN_CONFIG"):
        return cwd / env["WIREKIN_CONFIG"]
    home = Path(env.get("XDG_CONFIG_HOME") or Path(env.get("HOME") or "~").expanduser() / ".config")
    local, personal = cwd / FILE, home / "wirekin" / FILE
    return personal if not is_there(local, unseen=True) and is_there(personal, unseen=False) else local


def is_there(path: Path, *, unseen: bool) -> bool:
    """Whether the file exists; `unseen` is the answer where its folder may not be searched."""
    try:
        return path.exists()
    except PermissionError:
        return unseen
