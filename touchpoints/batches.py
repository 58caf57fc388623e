"""What the rows of one claim are about, and whether each may still go out."""

from collections.abc import Iterable
from functools import cached_property

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from network.models import Distributor
from touchpoints.models import Delivery, MailChoice, Suppression
from touchpoints.queries import wants
from touchpoints.registry import Kind, kind
from touchpoints.returns import OUT_OF_USE
from touchpoints.stopping import stop_url

# Reasons in the ledger, stored in English, translated where they are shown.
GONE = gettext_noop("What it was about no longer exists.")
PASSED = gettext_noop("The occasion has passed.")
INACTIVE = gettext_noop("The receiver's account is no longer active.")
FIRM_ENDED = gettext_noop("The distributor is no longer active.")
SWITCHED_OFF = gettext_noop("The receiver has switched off this kind of message.")
NOT_FOR_THEM = gettext_noop("The receiver is no longer among those it is for.")
UNKNOWN_KIND = gettext_noop("The site no longer knows this kind of message.")
REFUSED_ADDRESS = gettext_noop("The mail server refused the address.")
REFUSED_MAIL = gettext_noop("The mail server refused the message.")
BAD_ADDRESS = gettext_noop("The address is not valid.")
GAVE_UP = gettext_noop("Every attempt failed.")


class Suppressed(Exception):
    """This delivery must not go out; the argument is the reason."""


class Batch:
    """What the rows of one claim are about, and who may still get it; loaded together."""

    def __init__(self, rows: Iterable[Delivery]):
        self._rows = list(rows)
        self._objects = _objects({row.mailing.object_key for row in self._rows})
        self._audiences: dict[int, set[int]] = {}

    @cached_property
    def _out_of_use(self) -> set[str]:
        """The batch's addresses that get no mail, in lower case."""
        return Suppression.objects.among(address_of(row) for row in self._rows)

    @cached_property
    def _ended_firms(self) -> set[int]:
        """The batch's distributors that were closed since it was told. No query without any."""
        ids = {row.distributor_id for row in self._rows} - {None}
        ended = Distributor.objects.filter(pk__in=ids, is_active=False) if ids else ()
        return {firm.pk for firm in ended}

    @cached_property
    def _choices(self) -> dict[int, dict[str, bool]]:
        """What the batch's people chose about its optional kinds."""
        kinds = {row.mailing.kind for row in self._rows}
        return MailChoice.objects.by_person(kinds, {row.user_id for row in self._rows} - {None})

    def object_of(self, row: Delivery):
        """The row's object; Suppressed where it is gone."""
        try:
            return self._objects[row.mailing.object_key]
        except KeyError:
            raise Suppressed(GONE) from None

    def check(self, row: Delivery) -> Kind:
        """The row's kind, after looking again whether the receiver may get it."""
        try:
            told = kind(row.mailing.kind)
        except KeyError:
            raise Suppressed(UNKNOWN_KIND) from None
        obj = self.object_of(row)
        if address_of(row).lower() in self._out_of_use:
            raise Suppressed(OUT_OF_USE)
        if row.distributor_id in self._ended_firms:
            raise Suppressed(FIRM_ENDED)
        if row.user is None:
            # An address without a person stands for its distributor.
            if row.distributor is None or not row.distributor.is_active:
                raise Suppressed(INACTIVE)
            return told
        if not row.user.is_active or not row.user.email:
            raise Suppressed(INACTIVE)
        if told.optional and not wants(told, self._choices.get(row.user_id, {})):
            raise Suppressed(SWITCHED_OFF)
        if told.still_for is not None:
            still = told.still_for(obj, row.user, row.mailing.data)
        else:
            still = row.user_id in self._audience(row, told, obj)
        if not still:
            raise Suppressed(NOT_FOR_THEM)
        return told

    def _audience(self, row: Delivery, told: Kind, obj) -> set[int]:
        """The keys of the batch's receivers who are in the mailing's audience now."""
        if row.mailing_id not in self._audiences:
            people = told.audience(obj, row.mailing.data)
            if isinstance(people, QuerySet) and not (
                people.query.is_sliced or people.query.combinator
            ):
                receivers = [r.user_id for r in self._rows if r.mailing_id == row.mailing_id]
                keys = set(people.filter(pk__in=receivers).values_list("pk", flat=True))
            else:
                keys = {user.pk for user in people if user is not None}
            self._audiences[row.mailing_id] = keys
        return self._audiences[row.mailing_id]


def stop_of(rows: list[Delivery]) -> str:
    """The link that ends this mail's kinds; empty where one of them must go out."""
    if not rows or rows[0].user_id is None:
        return ""
    kinds = [kind(row.mailing.kind) for row in rows]
    if not all(told.optional for told in kinds):
        return ""
    return stop_url(rows[0].user_id, [told.name for told in kinds])


def _objects(keys: set[str]) -> dict[str, object]:
    """The objects behind 'app.model:pk' keys that exist; one query a model."""
    wanted: dict[str, list[str]] = {}
    for key in keys:
        label, _colon, pk = key.partition(":")
        wanted.setdefault(label, []).append(pk)
    found = {}
    for label, pks in wanted.items():
        try:
            model = apps.get_model(label)
        except LookupError:
            continue
        for obj in model._base_manager.filter(pk__in=pks):
            found[f"{label}:{obj.pk}"] = obj
    return found


def language_of(row: Delivery) -> str:
    """An issue's row keeps the language chosen for its distributor; a person's is their own now."""
    if row.distributor_id is None and row.user is not None:
        language = row.user.interface_language
        return language if language in dict(settings.LANGUAGES) else "en"
    return row.language


def address_of(row: Delivery) -> str:
    """A person's present address, for it may have changed since."""
    return row.user.email if row.user is not None else row.address
