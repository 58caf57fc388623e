"""The journey's story, part by part, as its author types it in each language."""

EN = {
    "title": {
        "title": "First reply before noon",
        "summary": "Web enquiries now get an answer the same morning.",
    },
    "background": {
        "place_seen": "Branch office",
        "background": "Enquiries arrived in five mailboxes.\n\nNobody counted them.",
    },
    "situation": {"situation": "Nobody owned them after closing."},
    "target": {
        "target": "A reply the same morning.",
        "gap-0-what": "Hours to reply",
        "gap-0-unit": "hours",
    },
    "causes": {
        "causes-0-name": "Nobody owns the night",
        "causes-0-why1": "The list is in five places.",
        "causes-0-why2": "No rule says who begins.",
    },
    "did": {
        "did": "One list, one owner.",
        "countermeasures-0-what": "Whoever opens calls first",
        "countermeasures-0-who": "Opener",
        "tried": "A rota of three people.",
    },
    "happened": {
        "happened": "Replies came before noon.",
        "results-0-label": "Hours to first reply",
        "results-0-unit": "hours",
    },
    "learned": {"learned": "The first hour decides.", "adapt": "Choose your own hour."},
    "photo": "A board with one list of calls",
    "ask": "Since when did nobody own them?",
    "answer": "Since the branch moved.",
    "changed": "Nobody owned them after closing, since the branch moved.",
    "word": "noon",
    "digits": ("31.5", "4", "3.4"),
    "shown": "31.5",
}

AR = {
    "title": {
        "title": "الرد الأول قبل الظهر",
        "summary": "تحصل استفسارات الموقع الآن على رد في الصباح نفسه.",
    },
    "background": {
        "place_seen": "مكتب الفرع",
        "background": "وصلت الاستفسارات إلى خمسة صناديق بريد.\n\nولم يحصها أحد.",
    },
    "situation": {"situation": "لم يتولها أحد بعد الإغلاق."},
    "target": {
        "target": "رد في الصباح نفسه.",
        "gap-0-what": "ساعات حتى الرد",
        "gap-0-unit": "ساعات",
    },
    "causes": {
        "causes-0-name": "لا أحد يتولى الليل",
        "causes-0-why1": "القائمة في خمسة أماكن.",
        "causes-0-why2": "لا توجد قاعدة تحدد من يبدأ.",
    },
    "did": {
        "did": "قائمة واحدة ومسؤول واحد.",
        "countermeasures-0-what": "من يفتح الفرع يتصل أولا",
        "countermeasures-0-who": "من يفتح الفرع",
        "tried": "مناوبة بين ثلاثة أشخاص.",
    },
    "happened": {
        "happened": "وصلت الردود قبل الظهر.",
        "results-0-label": "الساعات حتى أول رد",
        "results-0-unit": "ساعات",
    },
    "learned": {"learned": "الساعة الأولى تحسم.", "adapt": "اختر ساعتك بنفسك."},
    "photo": "لوحة عليها قائمة واحدة للمكالمات",
    "ask": "منذ متى لم يتولها أحد؟",
    "answer": "منذ انتقال الفرع.",
    "changed": "لم يتولها أحد بعد الإغلاق منذ انتقال الفرع.",
    "word": "الظهر",
    "digits": ("٣١٫٥", "٤", "٣٫٤"),
    "shown": "٣١٫٥",
}

WORDS = {"en": EN, "ar": AR}


def figures(language: str) -> dict[str, dict[str, str]]:
    """Numbers and dates by part, in the digits of the language."""
    before, target, after = WORDS[language]["digits"]
    year, day = ("٢٠٢٦", "٤") if language == "ar" else ("2026", "4")
    return {
        "background": {"seen_day": day, "seen_month": "5", "seen_year": year},
        "target": {"gap-0-start": before, "gap-0-goal": target, "gap-0-by_year": year},
        "did": {
            "countermeasures-0-since_month": "5",
            "countermeasures-0-since_year": year,
        },
        "happened": {
            "results-0-before": before,
            "results-0-target": target,
            "results-0-after": after,
            "results-0-before_on_month": "4",
            "results-0-before_on_year": year,
            "results-0-after_on_month": "8",
            "results-0-after_on_year": year,
        },
    }


def in_english(language: str) -> dict[str, str]:
    """Each text of the story → its English."""
    found = {}
    for part, theirs in WORDS[language].items():
        ours = EN[part]
        pairs = [(theirs, ours)] if isinstance(theirs, str) else []
        if isinstance(theirs, dict):
            pairs = [(theirs[name], ours[name]) for name in theirs]
        for one, other in pairs:
            found |= dict(zip(one.split("\n\n"), other.split("\n\n"), strict=True))
    return found
