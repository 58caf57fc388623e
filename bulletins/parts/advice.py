"""What reviewers look for in each part: shown beside the form."""

from django.utils.translation import gettext_lazy as _

ADVICE = {
    "title": [
        _("The title names the change, not the project."),
        _("The summary says what is different now, with a figure where there is one."),
    ],
    "background": [
        _("A reader in another country sees why it mattered."),
        _("Place and date are those of the observation, not of the report."),
    ],
    "situation": [
        _("What one could see and count, before anything was changed."),
        _("No cause and no solution yet."),
    ],
    "target": [
        _("A gap has two numbers, a unit and a date."),
        _("It is small enough to be reached, and one can tell when it is."),
    ],
    "causes": [
        _("Each why answers the one above it."),
        _("The last why is something you can change."),
        _("“People do not care” is no cause. Ask why once more."),
    ],
    "did": [
        _("A change, not an effort: “We call before nine”, not “we try harder”."),
        _("Each row answers one cause from part 4."),
        _("Someone in another country could start on Monday."),
    ],
    "happened": [
        _("Before and after are measured the same way."),
        _("Results that got worse are told too."),
        _("“Not measured” is better than a guess."),
    ],
    "learned": [
        _("What surprised you, and what you would do differently."),
        _("What another distributor must have before it works there."),
    ],
    "check": [
        _("Pictures show the change, not the people."),
        _("A co-author may edit the story as you can."),
    ],
}
