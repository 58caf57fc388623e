"""What every installation needs before its first member: idempotent.

Used by `make run`, the tests, restore and production. Adds what is missing
and changes nothing that an editor may have changed.
"""

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)

from bulletins.models import (
    AreaReviewTask,
    BulletinIndexPage,
    CaseStoryPage,
    EditingTask,
    NeutralReviewTask,
    StoryIndexPage,
)
from gkc_site.models import HomePage
from gkc_site.reference import load_reference
from gkc_site.search_documents import index_entrances
from network.models import User
from network.permissions import forget_standing, holds
from network.tree import tree_change
from search.api import prepare_index
from silver_book.models import BookIndexPage
from workshops.models import WorkshopIndexPage

SYSTEM_ADDRESS = "system@gkc.invalid"
EDITORS = "Editors"
ADMINISTRATORS = "Administrators"
TRANSLATORS = "Translators"
# Group → the mandates whose holders are in it.
GROUP_ROLES = {
    EDITORS: ("editor", "administrator"),
    ADMINISTRATORS: ("administrator",),
    TRANSLATORS: ("translator",),
}


def _all_of(*models: str) -> list[str]:
    """add, change and view; rows of the network are ended, not deleted."""
    verbs = ("add", "change", "view")
    return [f"network.{verb}_{model}" for model in models for verb in verbs]


_PICK_VERBS = ("add", "change", "delete")
# What a group may do beside pages and media.
GROUPS = {
    EDITORS: [
        *_all_of("topic", "measure"),
        "wagtail_localize.submit_translation",
        *(f"translations.{verb}_term" for verb in ("add", "change", "delete", "view")),
        *(f"wagtailsearchpromotions.{verb}_searchpromotion" for verb in _PICK_VERBS),
    ],
    ADMINISTRATORS: [
        *_all_of("region", "reviewarea", "country", "distributor", "dealer"),
        *_all_of("mandate"),
        # People come by invitation and go by `close_account`.
        "network.change_user",
        "network.view_user",
        "wagtailredirects.add_redirect",
        "wagtailredirects.change_redirect",
        "wagtailredirects.delete_redirect",
    ],
    # Not wagtail-localize's form to submit a page: it names every page to who may use it.
    TRANSLATORS: [],
}
PAGE_PERMISSIONS = ["wagtailcore.add_page", "wagtailcore.change_page", "wagtailcore.publish_page"]
MEDIA_PERMISSIONS = [
    "network.add_gkcimage",
    "network.change_gkcimage",
    "network.choose_image",
    "network.add_gkcdocument",
    "network.change_gkcdocument",
    "network.choose_document",
]
# (model, slug): the index pages below each home page. Titles are the rooms' names.
INDEXES = [
    (BookIndexPage, "silver-book"),
    (StoryIndexPage, "stories"),
    (BulletinIndexPage, "bulletins"),
    (WorkshopIndexPage, "workshops"),
]
# Names of the pages in the first five languages; the others begin in English
# and are renamed by an editor (they are pages, not interface texts).
TITLES = {
    "home": {
        "en": "Global Knowledge Center",
        "ja": "グローバル・ナレッジ・センター",
        "es": "Centro Global de Conocimiento",
        "ar": "مركز المعرفة العالمي",
        "fa": "مرکز دانش جهانی",
        "fr": "Centre mondial de connaissances",
        "de": "Globales Wissenszentrum",
        "it": "Centro globale della conoscenza",
        "pt-br": "Centro Global de Conhecimento",
        "zh-hans": "全球知识中心",
        "id": "Pusat Pengetahuan Global",
        "th": "ศูนย์ความรู้ระดับโลก",
    },
    "silver-book": {
        "en": "Silver Book",
        "ja": "シルバーブック",
        "es": "Libro Plateado",
        "ar": "الكتاب الفضي",
        "fa": "کتاب نقره‌ای",
        "fr": "Livre d’argent",
        "de": "Silberbuch",
        "it": "Libro d’argento",
        "pt-br": "Livro Prateado",
        "zh-hans": "银皮书",
        "id": "Buku Perak",
        "th": "สมุดปกเงิน",
    },
    "stories": {
        "en": "Case stories",
        "ja": "事例",
        "es": "Casos de éxito",
        "ar": "قصص النجاح",
        "fa": "داستان‌های موفق",
        "fr": "Cas exemplaires",
        "de": "Fallgeschichten",
        "it": "Casi di successo",
        "pt-br": "Casos de sucesso",
        "zh-hans": "案例",
        "id": "Kisah sukses",
        "th": "กรณีตัวอย่าง",
    },
    "bulletins": {
        "en": "Best Practice Bulletin",
        "ja": "ベストプラクティス・ブレティン",
        "es": "Boletín de mejores prácticas",
        "ar": "نشرة أفضل الممارسات",
        "fa": "بولتن بهترین شیوه‌ها",
        "fr": "Bulletin des meilleures pratiques",
        "de": "Bulletin bewährter Verfahren",
        "it": "Bollettino delle migliori pratiche",
        "pt-br": "Boletim de melhores práticas",
        "zh-hans": "最佳实践通报",
        "id": "Buletin praktik terbaik",
        "th": "จุลสารแนวปฏิบัติที่ดีที่สุด",
    },
    "workshops": {
        "en": "Workshops",
        "ja": "ワークショップ",
        "es": "Talleres",
        "ar": "ورش العمل",
        "fa": "کارگاه‌های آموزشی",
        "fr": "Ateliers",
        "de": "Workshops",
        "it": "Workshop",
        "pt-br": "Oficinas",
        "zh-hans": "研讨班",
        "id": "Lokakarya",
        "th": "เวิร์กช็อป",
    },
}


def bootstrap() -> None:
    """Locales, home and index pages, site, collections, workflow, groups, beat, reference data."""
    with tree_change():
        make_system_user()
        locales = [
            Locale.objects.get_or_create(language_code=code)[0]
            for code, _name in settings.LANGUAGES
        ]
        homes = [make_home(locale) for locale in locales]
        make_site(homes[0])
        prepare_index()
        index_entrances()
        Collection.objects.filter(depth=1).exists() or Collection.add_root(name="Root")
        make_groups(homes)
        make_workflow()
        make_beat_schedule()
        load_reference()


def make_system_user() -> User:
    """The site acting by itself: owns no password and never signs in."""
    system = User.objects.filter(is_system=True).first()
    if system is None:
        system = User(email=SYSTEM_ADDRESS, first_name="GKC", is_system=True)
        system.set_unusable_password()
        system.save()
    return system


def make_home(locale: Locale) -> HomePage:
    """The language's home and its index pages, translations of the English ones."""
    code = locale.language_code
    home = HomePage.objects.filter(locale=locale).first()
    root = Page.get_first_root_node()
    if home is None:
        home = HomePage(title=TITLES["home"][code], slug=f"home-{code}", locale=locale)
        english = HomePage.objects.filter(locale__language_code="en").first()
        if english:
            home.translation_key = english.translation_key
        root.add_child(instance=home)
    for model, slug in INDEXES:
        if model.objects.filter(locale=locale).exists():
            continue
        page = model(title=TITLES[slug][code], slug=slug, locale=locale)
        english = model.objects.filter(locale__language_code="en").first()
        if english:
            page.translation_key = english.translation_key
        home.refresh_from_db()
        home.add_child(instance=page)
    return home


def make_site(home: HomePage) -> None:
    """One default site at the English home; Wagtail finds the others by locale."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(
            hostname="localhost", root_page=home, is_default_site=True, site_name="GKC"
        )
    elif site.root_page.specific_class is not HomePage:
        stock = site.root_page
        site.root_page = home
        site.site_name = "GKC"
        site.save()
        if stock.slug == "home" and not stock.get_children().exists():
            stock.delete()  # Wagtail's welcome page


def make_groups(homes: list[HomePage]) -> None:
    """Who works in the admin, and on what there. Mandates put people in and out of the groups."""
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in GROUPS}
    for name, wanted in GROUPS.items():
        groups[name].permissions.add(*_permissions(["wagtailadmin.access_admin", *wanted]))
    root = Collection.get_first_root_node()
    for permission in _permissions(MEDIA_PERMISSIONS):
        GroupCollectionPermission.objects.get_or_create(
            group=groups[EDITORS], collection=root, permission=permission
        )
    for home in homes:
        for permission in _permissions(PAGE_PERMISSIONS):
            GroupPagePermission.objects.get_or_create(
                group=groups[EDITORS], page=home.page_ptr, permission=permission
            )
    Group.objects.filter(name="Moderators").delete()


def _permissions(names: list[str]) -> list[Permission]:
    """By 'app.codename'. Raises Permission.DoesNotExist for a name that is misspelt."""
    return [
        Permission.objects.get(content_type__app_label=app, codename=codename)
        for app, codename in (name.split(".") for name in names)
    ]


def make_workflow() -> None:
    """Area review → neutral review → editing, for every story page."""
    from django.contrib.contenttypes.models import ContentType

    workflow, _made = Workflow.objects.get_or_create(name="Case story")
    steps = [
        (AreaReviewTask, "Area review"),
        (NeutralReviewTask, "Neutral review"),
        (EditingTask, "Editing"),
    ]
    for order, (model, name) in enumerate(steps):
        task = model.objects.first() or model.objects.create(name=name)
        WorkflowTask.objects.get_or_create(
            workflow=workflow, task=task, defaults={"sort_order": order}
        )
    WorkflowContentType.objects.update_or_create(
        content_type=ContentType.objects.get_for_model(CaseStoryPage),
        defaults={"workflow": workflow},
    )
    Workflow.objects.filter(name="Moderators approval").delete()


def make_beat_schedule() -> None:
    """The sweeps that every room declares in `tasks.SWEEPS`, at the beat interval."""
    from django.utils.module_loading import import_string
    from django_celery_beat.models import IntervalSchedule, PeriodicTask

    interval, _made = IntervalSchedule.objects.get_or_create(
        every=settings.BEAT_INTERVAL_S, period=IntervalSchedule.SECONDS
    )
    for path in settings.SWEEPS:
        task = import_string(path)
        PeriodicTask.objects.update_or_create(
            name=path, defaults={"task": task.name, "interval": interval, "enabled": True}
        )


def system_user() -> User:
    """The row that acts where no person does."""
    return User.objects.get(is_system=True)


@transaction.atomic
def sync_editor_group(user: User) -> None:
    """Put a person into the admin's groups, or out of them, as their mandates say today."""
    forget_standing(user)
    for group in Group.objects.filter(name__in=GROUP_ROLES):
        if holds(user, *GROUP_ROLES[group.name]):
            user.groups.add(group)
        else:
            user.groups.remove(group)
