"""A small network and stories at each step."""

import pytest

from bulletins.transitions import decide_case, start_case, submit_case
from tests.factories.network_of_reviewers import (
    make_author,
    make_reviewing_network,
    write_story,
)


class Stories:
    """Makes stories and takes them to a step."""

    def __init__(self, net):
        self.net = net
        self._count = 0

    def begun(self, country: str = "KE", language: str = "en", **changes):
        self._count += 1
        author, firm = make_author(
            country, code=f"{country.lower()}-{self._count}", interface_language=language
        )
        case = start_case(by=author, distributor=firm, language=language)
        write_story(case, **changes)
        return case

    def submitted(self, country: str = "KE", language: str = "en", **changes):
        case = self.begun(country, language, **changes)
        submit(case)
        return case

    def at_neutral(self, country: str = "KE", **given):
        case = self.submitted(country, **given)
        decide_case(case, decision="approve", by=case.holder)
        return case

    def at_editing(self, country: str = "KE", **given):
        case = self.at_neutral(country, **given)
        decide_case(case, decision="approve", by=case.holder)
        return case

    def published(self, country: str = "KE", **given):
        case = self.at_editing(country, **given)
        decide_case(case, decision="approve", by=case.holder)
        return case


def submit(case) -> None:
    submit_case(case, by=case.author, people_agreed=True, no_customer_data=True)


@pytest.fixture
def net(db):
    return make_reviewing_network()


@pytest.fixture
def stories(net):
    return Stories(net)
