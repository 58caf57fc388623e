"""Texts are extracted, merged, checked and compiled without the gettext binaries."""

import gettext
import re

import pytest
from babel.messages.catalog import Catalog, Message

from gkc_site.catalogs import PLURAL_FORMS, catalog_path, locale_name
from gkc_site.catalogs.check import placeholder_problems, problems
from gkc_site.catalogs.compile import compile_catalogs
from gkc_site.catalogs.extract import (
    extract_template,
    merge,
    read_catalog,
    render,
    update_catalogs,
)

pytestmark = pytest.mark.slow

TEMPLATE = """{% load i18n %}
    <h1>{% translate "Send it" %}</h1>
  {# Translators: n counts stories #}
{% blocktranslate count n=n trimmed %}
      {{ n }} case
    {% plural %}
      {{ n }} cases
{% endblocktranslate %}
  {{ value|default:_("None yet") }} {% translate "May" context "month" %}
"""
PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
title = _("Stories of "
          "the month")
state = pgettext_lazy("state", "May")
rows = ngettext("%(n)d row", "%(n)d rows", 3)
"""


@pytest.fixture
def room(tmp_path):
    folder = tmp_path / "room"
    (folder / "templates").mkdir(parents=True)
    (folder / "migrations").mkdir()
    (folder / "templates" / "page.html").write_text(TEMPLATE)
    (folder / "views.py").write_text(PYTHON)
    (folder / "migrations" / "0001.py").write_text('_("old name")')
    return folder


@pytest.fixture
def template(room):
    return extract_template([room], root=room.parent)


def keys(catalog):
    return {(message.context, message.id) for message in catalog if message.id}


def test_python_and_templates_are_read(template):
    assert keys(template) == {
        (None, "Send it"),
        (None, ("%(n)s case", "%(n)s cases")),
        (None, "None yet"),
        ("month", "May"),
        (None, "Stories of the month"),
        ("state", "May"),
        (None, ("%(n)d row", "%(n)d rows")),
    }


def test_the_file_holds_no_line_numbers_and_no_dates(template):
    text = render(merge(template, None, "ja"), "ja", "日本語").decode()
    assert "#: room/templates/page.html\n" in text
    assert ".html:" not in text
    assert "Date" not in text


def test_rendering_what_was_read_changes_nothing(template, tmp_path):
    first = render(merge(template, None, "ar"), "ar", "العربية")
    path = tmp_path / "ar" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(first)
    assert render(merge(template, read_catalog(path), "ar"), "ar", "العربية") == first


@pytest.mark.parametrize("language", sorted(PLURAL_FORMS))
def test_every_plural_form_of_a_language_is_written_and_read(template, tmp_path, language):
    code = language.replace("_", "-").lower()
    count = int(re.match(r"nplurals=(\d)", PLURAL_FORMS[language])[1])
    forms = tuple(f"%(n)d, {number}" for number in range(count))
    old = Catalog()
    old.add(("%(n)d row", "%(n)d rows"), forms)
    path = tmp_path / language / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(render(merge(template, old, code), code, code))
    read = read_catalog(path).get("%(n)d row").string
    assert (read if isinstance(read, tuple) else (read,)) == forms


def test_merging_keeps_translations_and_guesses_nothing(template):
    old = Catalog(locale="es")
    old.add("Send it", "Enviar")
    old.add("Stories of the months", "Historias de los meses")
    old.add(("%(n)d row", "%(n)d rows"), ("%(n)d fila", "%(n)d filas"))
    merged = merge(template, old, "es")
    assert merged.get("Send it").string == "Enviar"
    assert merged.get("Stories of the month").string == ""
    assert merged.get("%(n)d row").string == ("%(n)d fila", "%(n)d filas")
    assert "Stories of the months" not in merged


def test_a_plural_of_the_wrong_shape_is_untranslated_again(template):
    old = Catalog(locale="ar")
    old.add(("%(n)d row", "%(n)d rows"), ("صف", "صفوف"))
    assert merge(template, old, "ar").get("%(n)d row").string == ("",) * 6


@pytest.mark.parametrize(
    ("source", "translation", "wrong"),
    [
        ("Hello %(name)s", "Hola %(name)s", False),
        ("Hello %(name)s", "Hola", True),
        ("Hello %(name)s", "Hola %(nombre)s", True),
        ("100 %% of {n}", "100 %% de {n}", False),
        ("100 %% of {n}", "100 %% de {m}", True),
        (("%(n)d row", "%(n)d rows"), ("una fila", "%(n)d filas"), False),
        (("%(n)d row", "%(n)d rows"), ("una fila", "%(m)d filas"), True),
    ],
)
def test_placeholders_are_compared(source, translation, wrong):
    assert bool(list(placeholder_problems(Message(source, translation)))) is wrong


def test_the_check_names_what_is_missing_lost_and_fuzzy(tmp_path):
    update_catalogs([("es", "Español"), ("fr", "Français")], tmp_path)
    for language in ("es", "fr"):
        path = catalog_path(language, tmp_path)
        lines = path.read_text().replace('msgid "Site"', 'msgid "Sight"')
        path.write_text(lines)
    found = problems(["en", "es", "fr", "ja"], ["en", "es", "ja"], tmp_path)
    assert "es: missing, run `make messages`: Site" in found
    assert "es: no longer in the code, run `make messages`: Sight" in found
    assert "es: untranslated: 'Sight'" in found
    assert "ja: no catalog at django.po; run `make messages`" in found
    # French is not among the complete ones: it may lack texts, it must not drift.
    assert [line for line in found if line.startswith("fr: untranslated")] == []
    assert "fr: missing, run `make messages`: Site" in found


def test_compiled_catalogs_translate(tmp_path):
    update_catalogs([("es", "Español")], tmp_path)
    path = catalog_path("es", tmp_path)
    text = path.read_text().replace('msgid "Site"\nmsgstr ""', 'msgid "Site"\nmsgstr "Sitio"')
    path.write_text(text)
    assert compile_catalogs(tmp_path) == [path.with_suffix(".mo")]
    assert compile_catalogs(tmp_path) == []
    with path.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Site") == "Sitio"


def test_every_language_of_the_site_has_a_plural_rule(settings):
    assert {locale_name(code) for code, _name in settings.LANGUAGES} == {"en", *PLURAL_FORMS}
