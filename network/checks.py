"""What `manage.py check --database default` says of the network itself (R22).

These ask the database, so that no other command pays for them.
"""

from django.core.checks import Tags, Warning, register
from django.db import DatabaseError, transaction

from network.models import Membership, Region


@register(Tags.database)
def check_home_regions(app_configs=None, databases=None, **kwargs):
    """Every home region has a member and a campaigner. Nothing before there is any member."""
    if not databases:
        return []
    try:
        with transaction.atomic():
            return list(_gaps())
    except DatabaseError:  # asked before the first migration
        return []


def _gaps():
    if not Membership.objects.current().exists():
        return
    for region in Region.objects.without_members():
        yield Warning(
            f"The home region '{region.slug}' has no member.",
            hint="Invite members of a distributor there, or make one active.",
            id="network.W001",
        )
    for region in Region.objects.without_campaigners():
        yield Warning(
            f"No review area of the home region '{region.slug}' has a campaigner.",
            hint="Give a campaigner's mandate for the review area of one of its countries.",
            id="network.W002",
        )
