"""The database itself refuses changes of a question's log."""

from django.db import migrations

from network.append_only import locking

# As `QuestionEvent.RULES`: what was asked at a draft that is thrown away goes with it.
MAY_GO = (
    "EXISTS (SELECT 1 FROM review_question "
    "WHERE review_question.id = OLD.question_id AND review_question.kind = 'draft')"
)


class Migration(migrations.Migration):
    dependencies = [("review", "0005_checklist")]

    operations = [locking("review", QuestionEvent={"may_go": MAY_GO})]
