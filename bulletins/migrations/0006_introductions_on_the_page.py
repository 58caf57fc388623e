"""The introductions of stories become paragraphs of the issue's page, translated like its letter.

English words move; words in other languages are kept beside the paragraph,
where its translator finds them (translations.FormerWords).
"""

import json
import uuid

from django.db import migrations

COLUMNS = {
    **{code: code for code in ("ja", "es", "ar", "fa", "fr", "de", "it", "th")},
    "ind": "id",
    "pt_br": "pt-br",
    "zh_hans": "zh-hans",
}


def move(apps, schema_editor):
    """Into the page, its revisions' newest, and the former words."""
    story_model = apps.get_model("bulletins", "IssueStory")
    page_model = apps.get_model("bulletins", "BulletinIssuePage")
    former = apps.get_model("translations", "FormerWords")
    revision_model = apps.get_model("wagtailcore", "Revision")
    for page in page_model.objects.select_related("locale"):
        if page.locale.language_code != "en":
            continue
        blocks = []
        for story in story_model.objects.filter(issue=page.issue_id).order_by("sort_order", "pk"):
            words = story.introduction_en or story.introduction
            if not words:
                continue
            key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"bulletins.introduction/{story.case_id}"))
            blocks.append({"type": "paragraph", "value": words, "id": key})
            for column, language in COLUMNS.items():
                text = getattr(story, f"introduction_{column}")
                if text:
                    former.objects.create(
                        object_key=page.translation_key,
                        path=f"introductions.{key}",
                        language=language,
                        text=text,
                        kind="replaced",
                    )
        if not blocks:
            continue
        page.introductions = json.dumps(blocks)
        page.save(update_fields=["introductions"])
        revision = revision_model.objects.filter(pk=page.latest_revision_id).first()
        if revision is not None:
            revision.content["introductions"] = json.dumps(blocks)
            revision.save(update_fields=["content"])


class Migration(migrations.Migration):
    dependencies = [
        ("bulletins", "0005_issue_desk_records"),
        ("translations", "0005_translators_desk"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(
            model_name='issuestory',
            name='introduction',
        ),
        migrations.RemoveField(
            model_name='issuestory',
            name='introduction_ar',
        ),
        migrations.RemoveField(
            model_name='issuestory',
            name='introduction_de',
        ),
        migrations.RemoveField(
            model_name='issuestory',
            name='introduction_en',
        ),
        migrations.RemoveField(
            model_name='issuestory',
            name='introduction_es',
        ),
        migrations.RemoveField(
            model_name='issuestory',
            name='introduction_fa',
        ),
        migrations.RemoveField(
            model_name='issuestory',
            name='introduction_fr',
        ),
        migrations.RemoveField(
            model_name='issuestory',
            name='introduction_ind',
        ),
        migrations.RemoveField(
            model_name='issuestory',
            name='introduction_it',
        ),
        migrations.RemoveField(
            model_name='issuestory',
            name='introduction_ja',
        ),
        migrations.RemoveField(
            model_name='issuestory',
            name='introduction_pt_br',
        ),
        migrations.RemoveField(
            model_name='issuestory',
            name='introduction_th',
        ),
        migrations.RemoveField(
            model_name='issuestory',
            name='introduction_zh_hans',
        ),
    ]
