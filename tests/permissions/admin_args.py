"""Arguments for the admin's addresses: the same thing for the same name everywhere."""

from django.contrib.auth.models import Group
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.contrib.search_promotions.models import Query
from wagtail.models import Collection, Locale, Site, Workflow

from bulletins.models import AreaReviewTask, StoryIndexPage
from network.models import Measure, Topic
from tests.factories import make_dealer
from translations.models import Term

# An object that does not exist.
NOBODY = 987_654


def arguments(world, namespace: str) -> dict:
    """Argument name → value. Pages are the published story's and its index."""
    story = world.published.source_page()
    index = StoryIndexPage.objects.get(locale__language_code="en")
    of_namespace = {
        "wagtaillocales": Locale.objects.get(language_code="th").pk,
        "wagtailsites": Site.objects.get().pk,
        "wagtailusers_users": world.users["reader"].pk,
        "wagtailusers_groups": Group.objects.get(name="Editors").pk,
        "wagtailadmin_collections": Collection.objects.get(depth=1).pk,
        "wagtailadmin_workflows": Workflow.objects.get().pk,
        "wagtailadmin_api:pages": story.pk,
        "distributor": world.distributor.pk,
        "dealer": make_dealer(world.distributor).pk,
        "mandate": world.users["trainer"].mandates.get().pk,
        "topic": Topic.objects.get(slug="parts-supply").pk,
        "measure": Measure.objects.get(slug="stock-days").pk,
        "region": world.distributor.region.pk,
        "reviewarea": world.area.pk,
        "country": "SA",
        "term": Term.objects.get_or_create(key="table")[0].pk,
    }
    return {
        "page_id": story.pk,
        "page_pk": story.pk,
        "page_to_move_id": story.pk,
        "destination_id": index.pk,
        "parent_page_id": index.pk,
        "content_type_app_name": "bulletins",
        "content_type_model_name": "casestorypage",
        "collection_id": Collection.objects.get(depth=1).pk,
        "query_id": Query.get("parts").pk,
        "task_id": AreaReviewTask.objects.get().pk,
        "app_label": "bulletins",
        "app_name": "bulletins",
        "model_name": "casestorypage",
        "action": "delete",
        "action_name": "approve",
        "filter_spec": "fill-10x10",
        "pk": of_namespace.get(namespace, NOBODY),
    }


def admin_patterns(resolver=None, prefix="", namespaces=()):
    """(full name, pattern) of every named address below /admin/."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if address.startswith("admin/"):
                inner = namespaces + ((pattern.namespace,) if pattern.namespace else ())
                yield from admin_patterns(pattern, address, inner)
        elif isinstance(pattern, URLPattern) and pattern.name and address.startswith("admin/"):
            yield ":".join([*namespaces, pattern.name]), pattern.pattern


def positional(pattern, values: dict) -> list:
    """Values for a pattern's arguments, in its order; an object that does not exist otherwise."""
    if not pattern.converters:
        # Wagtail's one regular expression takes three unnamed arguments.
        return [NOBODY, "live", "latest"] if pattern.regex.groups else []
    return [values.get(name, NOBODY) for name in pattern.converters]


def admin_args(name: str):
    """The `args` of a Row for an admin address."""

    def args(world):
        pattern = dict(admin_patterns())[name]
        return positional(pattern, arguments(world, name.rpartition(":")[0]))

    return args
