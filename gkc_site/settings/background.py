"""Work behind the pages: the broker, the tables that are swept, and the days they count."""

from gkc_site.settings.environment import GKC_HOME, env

BROKER_FOLDER = GKC_HOME / "broker"
CELERY_BROKER_URL = env.str("GKC_BROKER_URL", default="filesystem://")
CELERY_BROKER_TRANSPORT_OPTIONS = env.json(
    "GKC_BROKER_OPTIONS",
    default={
        "data_folder_in": str(BROKER_FOLDER / "messages"),
        "data_folder_out": str(BROKER_FOLDER / "messages"),
        "control_folder": str(BROKER_FOLDER / "control"),
    }
    if CELERY_BROKER_URL.startswith("filesystem:")
    # Redis gives a killed worker's task to another after this many seconds.
    else {
        "visibility_timeout": 10,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
    },
)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
# Seconds between two sweeps over the tables: the most a lost message may cost.
BEAT_INTERVAL_S = env.int("GKC_BEAT_INTERVAL_S", default=5)

# How long a builder of an edition's file holds its row (s); it renews it while it works.
EDITION_LEASE_S = env.int("GKC_EDITION_LEASE_S", default=60)

# Celery tasks that sweep their tables every BEAT_INTERVAL_S (bootstrap schedules them).
SWEEPS: list[str] = [
    "gkc_site.tasks.heartbeat",
    "touchpoints.tasks.send_due",
    "search.tasks.follow_versions",
    "search.tasks.follow_elasticsearch",
    "bulletins.tasks.release_due_issues",
    "bulletins.tasks.remind_of_responses",
    "bulletins.tasks.reach_again",
    "bulletins.tasks.ask_whether_it_lasts",
    "bulletins.tasks.tell_later_languages",
    "network.tasks.read_documents",
    "review.tasks.remind",
    "bulletins.tasks.give_out_reviews",
    "network.tasks.forget_stale_uploads",
    "gkc_site.tasks.forget_stale_sheets",
    "silver_book.tasks.build_editions",
    "silver_book.tasks.count_terms",
    "review.tasks.chase_questions",
    "workshops.tasks.sweep_seats",
    "workshops.tasks.remind_of_duties",
    "gkc_site.tasks.finish_demo",
    "workshops.tasks.remind",
    "workshops.tasks.sweep_proof",
    "workshops.tasks.draw_certificates",
]

# A seat that became free is held so long for the next person in line (hours).
SEAT_OFFER_H = 48
# Whoever owes a yearly course is reminded so long before the year ends (days).
DUTY_REMIND_DAYS = 90
# Participants are reminded so long before their session begins (days), who holds an offer
# before it ends (hours), and whose answer is due before enrolment closes (days).
SESSION_REMINDER_DAYS = 7
# Working days after a list is closed: a trainer who has not reflected is reminded, once.
REFLECTION_REMIND_AFTER_DAYS = 5
OFFER_REMINDER_H = 12
ANSWER_REMINDER_DAYS = 3

# An issue later than this after its minute is held, and an editor is asked (hours).
RELEASE_LATEST_H = 24
# A distributor is reminded of a story that waited so long for its answer (working days).
RESPONSE_REMIND_AFTER_DAYS = 5
# How long the link in an issue's mail opens the form of responses without a sign-in (days).
RESPONSE_LINK_DAYS = env.int("GKC_RESPONSE_LINK_DAYS", default=60)
