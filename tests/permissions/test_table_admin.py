"""The permission table's rows of the admin."""

import pytest

from tests.permissions.asking import wrong_answers
from tests.permissions.rows_admin import ROWS


@pytest.mark.slow  # sixteen requests a row, twice
@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS])
def test_each_role_gets_the_answer_of_the_table(world, row):
    assert wrong_answers(world, row) == []
