"""Carries over what earlier versions kept elsewhere: who began a story for its author, and
co-authors who were ticked in a form that was not yet made a revision of."""

from django.db import migrations
from django.utils import timezone


def carry_beginners(apps, schema_editor):
    """From the log: 'start' by somebody on behalf of the author."""
    events = apps.get_model("bulletins", "CaseEvent").objects.filter(
        verb="start", on_behalf_of__isnull=False
    )
    cases = apps.get_model("bulletins", "Case").objects
    for case, by, author in list(events.values_list("case_id", "by_id", "on_behalf_of_id")):
        if by != author:
            cases.filter(pk=case, begun_by=None).update(begun_by=by)


def carry_ticks(apps, schema_editor):
    """Who was ticked is asked by the author now, and accepts or declines on their desk.

    Only members of the story's distributor can write along; whoever was added
    by an earlier revision stays a co-author.
    """
    today, now = timezone.localdate(), timezone.now()
    get = apps.get_model
    asked, memberships = get("bulletins", "CoAuthorship"), get("network", "Membership")
    through = get("bulletins", "Case").co_authors.through
    inputs = get("bulletins", "DraftInput").objects.filter(part="check")
    for kept in inputs.select_related("case").order_by("pk").iterator(200):
        if not isinstance(kept.data, dict) or "co_authors" not in kept.data:
            continue
        ticked = kept.data.pop("co_authors")
        ticked = {str(one) for one in ticked} if isinstance(ticked, list) else set()
        is_source = kept.language == kept.case.source_language
        if is_source and kept.version != kept.revised_version:
            people = memberships.objects.filter(
                user__in=[int(one) for one in ticked if one.isdecimal() and len(one) < 19],
                user__is_active=True,
                distributor=kept.case.distributor_id,
                since__lte=today,
            ).exclude(until__lt=today)
            named = {kept.case.author_id}
            named |= set(through.objects.filter(case=kept.case_id).values_list("user", flat=True))
            rows = asked.objects.filter(case=kept.case_id, state__in=["asked", "accepted"])
            named |= set(rows.values_list("user", flat=True))
            for person in sorted(set(people.values_list("user", flat=True)) - named):
                asked.objects.create(
                    case=kept.case, user_id=person, by_id=kept.case.author_id, at=now
                )
        type(kept).objects.filter(pk=kept.pk).update(data=kept.data)


class Migration(migrations.Migration):
    dependencies = [
        ("bulletins", "0013_begun_for_author"),
        ("network", "0008_resumable_uploads"),
    ]

    operations = [
        migrations.RunPython(carry_beginners, migrations.RunPython.noop),
        migrations.RunPython(carry_ticks, migrations.RunPython.noop),
    ]
