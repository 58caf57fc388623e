"""Words sent after the sign-in expired: kept in the session until the person is back.

Without script a browser posts the form and forgets it; the sign-in page would
be all that is left. Signing in keeps the session's content, so the part finds
the words again.
"""

from django.contrib.auth.views import redirect_to_login

from bulletins.parts import FORMS, keep_typed
from bulletins.parts.base import MAX_TYPED

KEY = "typed_signed_out"


def version_of(post) -> int:
    """The version of a part that its writer saw; 0 for anything that is none."""
    seen = post.get("version", "0")
    return int(seen) if seen.isdecimal() and len(seen) < 9 else 0


def keep_and_sign_in(request, part: str):
    """Remember what a signed-out person posted and send them to the sign-in page."""
    if request.method == "POST" and part in FORMS:
        typed = keep_typed(FORMS[part], request.POST)
        if sum(len(str(value)) for value in typed.values()) <= MAX_TYPED:
            request.session[KEY] = {
                "path": request.path,
                "typed": typed,
                "seen": version_of(request.POST),
            }
    return redirect_to_login(request.path)


def take_back(request) -> tuple[dict, int] | None:
    """(typed, version seen) posted to this address while signed out; None where nothing was."""
    kept = request.session.get(KEY)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEY]
    return kept["typed"], kept["seen"]
