"""Rows found by other forms of what was typed, put among those found by the words themselves."""

from collections.abc import Container, Iterable

# What a hit of another form counts, beside one of the words as typed.
_WEIGHT = 0.5
# No other form stands before this many documents that hold every word as typed: a page.
_EXACT_FIRST = 10
# Just below: of what is held back, the better one still comes first.
_BELOW = 0.999

# (id, key, bm25 rank: lower is better, facets, date)
Row = tuple[int, str, float, str, str | None]


def merged(rows: Iterable[Row], others: Iterable[Row], exact: Container[int]) -> list[Row]:
    """`rows` found as typed and `others` found by other forms, best first.

    `exact` holds the ids of rows with every word as typed. A row's rank is its
    own plus a part of the other's.
    """
    by_id = {row[0]: row for row in rows}
    scores = {row[0]: -row[2] for row in rows}
    for row in others:
        by_id.setdefault(row[0], row)
        scores[row[0]] = scores.get(row[0], 0.0) - _WEIGHT * row[2]
    best = sorted((score for pk, score in scores.items() if pk in exact), reverse=True)
    ceiling = best[:_EXACT_FIRST][-1] * _BELOW if best else None
    kept = {}
    for row in others:
        pk = row[0]
        if ceiling is not None and pk not in exact:
            kept[pk] = min(scores[pk], ceiling)
    order = sorted(by_id, key=lambda pk: (-kept.get(pk, scores[pk]), -scores[pk], -pk))
    return [
        (pk, row[1], -kept.get(pk, scores[pk]), row[3], row[4])
        for pk in order
        for row in (by_id[pk],)
    ]
