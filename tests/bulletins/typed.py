"""What an author types, part by part: a whole story that may be submitted."""

CAUSE = "0f8fad5b-d9cb-469f-a165-70867728950e"
WHOLE = {
    "title": {
        "title": "First reply before noon",
        "summary": "Web enquiries now get an answer the same morning.",
    },
    "background": {
        "place_seen": "Branch office",
        "seen_day": "4",
        "seen_month": "5",
        "seen_year": "2026",
        "background": "Enquiries arrived in five mailboxes.\n\nNobody counted them.",
    },
    "situation": {"situation": "Nobody owned them after closing."},
    "target": {
        "target": "A reply the same morning.",
        "gap-0-what": "Hours to reply",
        "gap-0-start": "31",
        "gap-0-goal": "4",
        "gap-0-unit": "hours",
        "gap-0-by_year": "2026",
    },
    "causes": {
        "causes_text": "",
        "causes-0-id": CAUSE,
        "causes-0-name": "Nobody owns the night",
        "causes-0-why1": "The list is in five places.",
        "causes-0-why2": "No rule says who begins.",
    },
    "did": {
        "did": "One list, one owner.",
        "countermeasures-0-cause": CAUSE,
        "countermeasures-0-what": "Whoever opens calls first",
        "countermeasures-0-who": "Opener",
        "countermeasures-0-since_month": "5",
        "countermeasures-0-since_year": "2026",
        "tried": "A rota of three people.",
    },
    "happened": {
        "happened": "Replies came before noon.",
        "results-0-label": "Hours to first reply",
        "results-0-unit": "hours",
        "results-0-target": "4",
        "results-0-before": "31",
        "results-0-after": "3.4",
        "results-0-before_on_month": "4",
        "results-0-before_on_year": "2026",
        "results-0-after_on_month": "8",
        "results-0-after_on_year": "2026",
        "results-0-monthly": "2026-06 12\n2026-07 5.5",
    },
    "learned": {"learned": "The first hour decides.", "adapt": "Choose your own hour."},
    "check": {"steps": ["buy"], "topics": []},
}
