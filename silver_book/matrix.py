"""Sections, stories and workshops by process step and practice element.

A story stands in the fields of the sections that name it: it has a process
step of its own but no practice element.
"""

from network.models import ProcessStep
from network.registry import Reference, resolve_references
from silver_book.blocks import PracticeElement
from silver_book.models import BookSectionPage
from silver_book.page_context import languages_for
from silver_book.queries import Line

ALL = "all"


def _rows(request) -> list[dict]:
    """Every section that has a step or an element, in the reader's best language. One query."""
    order = languages_for(request, None)
    more = ("summary", "processes", "elements", "cases", "workshops")
    found = BookSectionPage.objects.lines(order, *more)
    return [line for line in found if line.processes or line.elements]


def _stories(request, lines) -> dict[str, Reference]:
    """Key → story, for all stories these sections name that this person may read."""
    return resolve_references(request, "case", [key for line in lines for key in line.cases])


def _workshops(request, lines) -> dict[str, Reference]:
    """Key → workshop, for all that these sections name and that this person may see."""
    keys = [key for line in lines for key in line.workshops]
    return resolve_references(request, "workshop", keys)


def _is_in(line: Line, step: str, element: str) -> bool:
    return (step == ALL or step in line.processes) and (element == ALL or element in line.elements)


def _told(lines, stories) -> list[Reference]:
    """The stories of some sections, each once."""
    return _each_once(stories, (key for line in lines for key in line.cases))


def _taught(lines, workshops) -> list[Reference]:
    """The workshops of some sections, each once."""
    return _each_once(workshops, (key for line in lines for key in line.workshops))


def _each_once(known: dict[str, Reference], keys) -> list[Reference]:
    return list({known[key].url: known[key] for key in keys if key in known}.values())


def matrix(request) -> dict:
    """All fields with their numbers. Queries: sections; what resolves stories and workshops."""
    lines = _rows(request)
    stories, workshops = _stories(request, lines), _workshops(request, lines)

    def field(step: str, element: str) -> dict:
        mine = [line for line in lines if _is_in(line, step, element)]
        return {
            "step": step,
            "element": element,
            "sections": len(mine),
            "stories": len(_told(mine, stories)),
            "workshops": len(_taught(mine, workshops)),
        }

    return {
        "elements": [{"element": one, "field": field(ALL, one.value)} for one in PracticeElement],
        "steps": [
            {
                "step": step,
                "field": field(step.value, ALL),
                "fields": [field(step.value, one.value) for one in PracticeElement],
            }
            for step in ProcessStep
        ],
    }


def cell(request, step: str, element: str) -> dict:
    """One field's sections, stories and workshops. Queries as `matrix`."""
    lines = [line for line in _rows(request) if _is_in(line, step, element)]
    return {
        "step": ProcessStep(step) if step != ALL else None,
        "element": PracticeElement(element) if element != ALL else None,
        "sections": lines,
        "stories": _told(lines, _stories(request, lines)),
        "workshops": _taught(lines, _workshops(request, lines)),
    }
