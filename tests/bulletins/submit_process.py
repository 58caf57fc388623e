"""Another process that gives out reviews, on a word from the test.

Loads Django, prints `ready`, then reads commands from standard input:
`submit <numbers>` submits these stories one after the other, `give_out` finds
reviewers for those that nobody has. Answers each with `done`.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gkc_site.settings.test")


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def main() -> None:
    django.setup()
    from bulletins.models import Case
    from bulletins.transitions import give_out_waiting, submit_case
    from network.models import User

    by = User.objects.get(is_system=True)
    say("ready")
    for line in sys.stdin:
        verb, *numbers = line.split()
        for number in numbers:
            case = Case.objects.get(number=number)
            submit_case(case, by=case.author, people_agreed=True, no_customer_data=True)
        if verb == "give_out":
            give_out_waiting(by=by)
        say("done")


if __name__ == "__main__":
    main()
