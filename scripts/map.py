"""The rooms, from the top of the house down, and the first line each says of itself."""

import ast
import configparser
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    for floor in contracts["importlinter:contract:rooms"]["layers"].split("\n"):
        for room in filter(None, (name.strip() for name in floor.split("|"))):
            docstring = ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text()))
            sys.stdout.write(f"{room:<14}{(docstring or '-').splitlines()[0]}\n")


if __name__ == "__main__":
    main()
