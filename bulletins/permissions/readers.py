"""Which readers a text is for, as tokens of search and feeds."""

from network.permissions import is_editor, is_member, region_scopes, standing
from search.contract import EVERYONE


def story_audience(case) -> tuple[str, ...]:
    """Tokens of a published story's readers; see `reader_tokens`."""
    tokens = ["editors", f"firm:{case.distributor_id}"]
    writers = [case.author_id, *(person.pk for person in case.co_authors.all())]
    tokens += [f"co-author:{pk}:{case.distributor_id}" for pk in writers]
    if case.audience == "region":
        if case.region_id:
            tokens.append(f"region:{case.region_id}")
        else:
            tokens.append(f"area:{case.review_area_id}")
    else:
        tokens.append("members")
    if case.audience == "public" and case.cleared_at:
        tokens.append(EVERYONE)
    return tuple(tokens)


def reader_tokens(user) -> set[str]:
    """Tokens this person holds; sharing one with `story_audience` equals `readable_by` (tested)."""
    tokens = {EVERYONE}
    if not is_member(user):
        return tokens
    tokens.add("members")
    if is_editor(user):
        tokens.add("editors")
    for membership in standing(user).memberships:
        tokens.add(f"co-author:{user.pk}:{membership.distributor_id}")
        if membership.contact in ("first", "deputy"):
            tokens.add(f"firm:{membership.distributor_id}")
    tokens |= {f"{kind}:{pk}" for kind, pk in region_scopes(user)}
    return tokens
