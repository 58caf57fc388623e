"""Rows of the site itself: the way in, files, pages of Wagtail."""

from django.core.files.base import ContentFile

from network.models import GkcDocument, GkcImage
from tests.permissions.table import Row


def a_document(guard):
    def args(world):
        made = GkcDocument(title="Notes", guard=guard)
        made.file.save("notes.pdf", ContentFile(b"%PDF-1.4"), save=False)
        made.save()
        return [made.pk, "notes.pdf"]

    return args


def a_rendition(guard):
    def args(world):
        from wagtail.images.tests.utils import get_test_image_file

        image = GkcImage.objects.create(title="Chart", file=get_test_image_file(), guard=guard)
        return [image.pk, image.get_rendition("max-10x10").pk]

    return args


def _public(args, name, note):
    return Row(name, get=200, post=405, args=args, note=note)


def _members(args, name, note):
    return Row(name, get={"visitor": 404, ...: 200}, post=405, args=args, note=note)


ROWS = [
    Row("health_live", get=200, post=405),
    # 503 because no beat and no worker run beside the tests.
    Row("health_ready", get=503, post=405),
    Row("metrics", get=200, post=405, note="from this machine"),
    Row("metrics", get=403, post=405, note="elsewhere", headers={"X-Forwarded-For": "192.0.2.1"}),
    Row("robots", get=200, post=405),
    Row("sitemap", get=200, post=405),
    Row("root", get=302, post=405),
    Row("choose_language", get=302, post=405, args=lambda world: ["ja"]),
    _public(a_document("public"), "document", "public"),
    _members(a_document("members"), "document", "members"),
    Row("document", get=404, post=405, args=a_document("unknown.guard"), note="unknown guard"),
    _public(a_rendition("public"), "rendition", "public"),
    _members(a_rendition("members"), "rendition", "members"),
    Row("rendition", get=404, post=405, args=a_rendition("unknown.guard"), note="unknown guard"),
    Row("wagtail_serve", get=200, post=200, args=lambda world: [""], note="home"),
    # Wagtail's private pages are not used, and its own sign-in knows no second factor.
    Row("wagtailcore_login", get=404, post=404),
    Row(
        "wagtailcore_authenticate_with_password",
        get=404,
        post=404,
        args=lambda world: [987_654, 987_654],
    ),
]
