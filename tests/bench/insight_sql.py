"""The questions that executives ask, each with the same figures as somebody who knows the tables would write them.

The first statement of a question gives the answer's groups with their values; the others what else the answer says:
the spread over schools, on whom the figures rest, what nobody has settled. Each takes ``:since`` and ``:until`` as
ordinals and ``:first`` and ``:last`` as days.
"""

from dataclasses import dataclass

HELD = "v.status = 'held' AND v.day BETWEEN :since AND :until"
BY_SCHOOL = f"SELECT v.school_id, count(*) FROM visit v WHERE {HELD} GROUP BY v.school_id"
RESTS = f"SELECT v.confirmed_by, count(*) FROM visit v WHERE {HELD} GROUP BY v.confirmed_by"
DENIED = (
    "SELECT count(*) FROM visit v WHERE v.id IN (SELECT visit_id FROM witness WHERE witness = 'principal' AND NOT "
    f"took_place) AND {HELD}"
)
OPEN = "SELECT count(*) FROM visit v WHERE v.status = 'planned' AND v.day BETWEEN :since AND :until - 1"
AROUND = (BY_SCHOOL, RESTS, DENIED, OPEN)
"""What an answer about visits says besides its groups."""
NAME = "p.given_name || ' ' || p.family_name"
NOW = "SELECT school_id, max(day) FROM visit WHERE status = 'held' AND day <= :until GROUP BY school_id"
EVER = (
    "SELECT school_id, until - since AS gap FROM (SELECT school_id, day AS until, lag(day) OVER (PARTITION BY "
    "school_id ORDER BY day) AS since FROM visit WHERE status = 'held') pairs WHERE since IS NOT NULL "
    "ORDER BY gap DESC LIMIT 1"
)
LAST_BEFORE = (
    "SELECT s.id, (SELECT max(day) FROM visit v WHERE v.school_id = s.id AND v.status = 'held' AND v.day < :since) "
    "FROM school s"
)
GAPS = (
    f"WITH marks AS (SELECT v.school_id, v.day FROM visit v WHERE {HELD} UNION ALL SELECT s.id, coalesce((SELECT "
    "max(day) FROM visit v WHERE v.school_id = s.id AND v.status = 'held' AND v.day < :since), :since) FROM school s "
    "UNION ALL SELECT id, :until FROM school), gaps AS (SELECT school_id, day - lag(day) OVER (PARTITION BY school_id "
    "ORDER BY day) AS gap FROM marks) SELECT s.name, max(gap) FROM gaps JOIN school s ON s.id = school_id "
    "GROUP BY s.id, s.name"
)
INTERVALS = (
    f"WITH marks AS (SELECT v.school_id, v.day, 0 AS is_end FROM visit v WHERE {HELD} UNION SELECT s.id, "
    "coalesce((SELECT max(day) FROM visit v WHERE v.school_id = s.id AND v.status = 'held' AND v.day < :since), "
    ":since - 1), 0 FROM school s UNION SELECT id, :until, 1 FROM school), gaps AS (SELECT m.school_id, m.day, "
    "m.is_end, r.position - "
    "lag(r.position) OVER (PARTITION BY m.school_id ORDER BY m.day, m.is_end) AS gap FROM marks m JOIN ruler r ON "
    "r.day = m.day) SELECT CASE a.cadence_days WHEN 5 THEN 'weekly' WHEN 10 THEN 'biweekly' WHEN 15 THEN 'triweekly' "
    "ELSE 'monthly' END, sum(CASE WHEN g.is_end = 0 AND gap <= a.cadence_days THEN 1.0 ELSE 0 END) / sum(CASE WHEN "
    "g.is_end = 0 OR gap > a.cadence_days THEN 1 ELSE 0 END) FROM gaps g JOIN assignment a ON a.school_id = "
    "g.school_id WHERE gap IS NOT NULL GROUP BY 1"
)
LOST = "FROM protected_loss l JOIN assignment a ON a.principal_id = l.person_id WHERE l.day BETWEEN :since AND :until"
LOST_BY_SCHOOL = f"SELECT a.school_id, sum(l.minutes) {LOST} GROUP BY a.school_id"
DIGESTS = "FROM digest d JOIN assignment a ON a.school_id = d.school_id WHERE d.week BETWEEN :first AND :last"
STEPS = "SELECT count(*), count(looked_at) FROM promise WHERE by_when BETWEEN :first AND :last"


def places(key: str) -> str:
    """Visits by something of the school's assignment or of the school itself."""
    return (
        f"SELECT {key}, count(*) FROM visit v JOIN assignment a ON a.school_id = v.school_id JOIN school s ON s.id = "
        f"v.school_id WHERE {HELD} GROUP BY {key}"
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its statements, and whether the first gives the very groups of the answer (else its number of
    rows, or nothing that can be set beside it)."""

    question: str
    statements: tuple[str, ...]
    gives_groups: bool = True


TIER = "CASE a.cadence_days WHEN 5 THEN 'weekly' WHEN 10 THEN 'biweekly' WHEN 15 THEN 'triweekly' ELSE 'monthly' END"
ALL = (
    Asked("visits since September by ILD", (
        f"SELECT {NAME}, count(*) FROM visit v JOIN person p ON p.id = v.ild_id WHERE {HELD} GROUP BY p.id, {NAME}",
        *AROUND,
    )),
    Asked("visits since September by school", (places("s.name"), RESTS, DENIED, OPEN)),
    Asked("visits since September by network", (places("a.network"), *AROUND)),
    Asked("visits since September by level", (places("CASE s.level WHEN 'k8' THEN 'K-8' ELSE s.level END"), *AROUND)),
    Asked("visits since September by need tier", (places(TIER), *AROUND)),
    Asked("visits since September by new and experienced principals", (
        places("CASE WHEN EXISTS (SELECT 1 FROM person p WHERE p.id = a.principal_id AND p.since IS NOT NULL) "
               "THEN 'new' ELSE 'experienced' END"), *AROUND,
    )),
    Asked("visits since September by kind", (
        f"SELECT v.kind, count(*) FROM visit v WHERE {HELD} GROUP BY v.kind", *AROUND,
    )),
    Asked("visits since September by month", (
        f"SELECT d.month, count(*) FROM visit v JOIN ruler d ON d.day = v.day WHERE {HELD} GROUP BY d.month", *AROUND,
    )),
    Asked("visits since September by term", (
        f"SELECT d.term, count(*) FROM visit v JOIN ruler d ON d.day = v.day WHERE {HELD} GROUP BY d.term", *AROUND,
    )),
    Asked("visits this semester against last semester", (
        "SELECT 'both', count(*) FROM visit v WHERE v.status = 'held' AND v.day BETWEEN :before AND :until",
        f"SELECT v.day, count(*) FROM visit v WHERE {HELD} GROUP BY v.day", *AROUND,
        *(one.replace(":until", ":before_until").replace(":since", ":before") for one in (
            f"SELECT v.day, count(*) FROM visit v WHERE {HELD} GROUP BY v.day", *AROUND)),
    ), gives_groups=False),
    Asked("schools not visited for three weeks", (
        "SELECT s.name, :until - last FROM (SELECT s.name, (SELECT max(day) FROM visit v WHERE v.school_id = s.id AND "
        "v.status = 'held' AND v.day <= :until) AS last FROM school s) s WHERE last < :until - 20", OPEN,
    )),
    Asked("longest gap since September", (GAPS, NOW, EVER, OPEN)),
    Asked("share of intervals kept since September by tier", (INTERVALS, OPEN)),
    Asked("evenness of visits since September by network", (
        BY_SCHOOL, "SELECT school_id, cadence_days, network FROM assignment",
    ), gives_groups=False),
    Asked("time in schools since September", (
        f"SELECT {NAME}, sum(v.minutes) / (:days * 510.0) FROM visit v JOIN person p ON p.id = v.ild_id WHERE {HELD} "
        f"GROUP BY p.id, {NAME}",
        f"SELECT count(*) FROM visit v WHERE {HELD} AND v.minutes IS NULL",
    )),
    Asked("visits cancelled since September and why", (
        "SELECT replace(v.cancelled_by, '_', ' '), count(*) FROM visit v WHERE v.status = 'cancelled' AND v.day "
        "BETWEEN :since AND :until GROUP BY v.cancelled_by",
        "SELECT v.school_id, count(*), count(b.id) FROM visit v LEFT JOIN visit b ON b.id = v.made_good_by AND "
        "b.status = 'held' WHERE v.status = 'cancelled' AND v.day BETWEEN :since AND :until GROUP BY v.school_id",
    )),
    Asked("share of cancelled visits made good since September", (
        "SELECT replace(v.cancelled_by, '_', ' '), count(b.id) * 1.0 / count(*) FROM visit v LEFT JOIN visit b ON b.id "
        "= v.made_good_by AND b.status = 'held' WHERE v.status = 'cancelled' AND v.day BETWEEN :since AND :until "
        "GROUP BY v.cancelled_by",
        "SELECT v.school_id, v.cancelled_by, v.day, v.made_good_by, b.status FROM visit v LEFT JOIN visit b ON b.id = "
        "v.made_good_by WHERE v.status = 'cancelled' AND v.day BETWEEN :since AND :until ORDER BY v.day",
    )),
    Asked("protected time kept since September by month", (
        "SELECT d.month, sum(d.protected) FROM ruler d WHERE d.day BETWEEN :since AND :until GROUP BY d.month",
        "SELECT d.month, sum(l.minutes) FROM protected_loss l JOIN ruler d ON d.day = l.day WHERE l.day BETWEEN "
        ":since AND :until GROUP BY d.month", LOST_BY_SCHOOL,
        f"SELECT l.office, sum(l.minutes) {LOST} GROUP BY l.office",
    ), gives_groups=False),
    Asked("who took protected time since September", (
        f"SELECT l.office, sum(l.minutes) {LOST} GROUP BY l.office", LOST_BY_SCHOOL,
    )),
    Asked("protected time lost since September by reason", (
        f"SELECT l.reason_class, sum(l.minutes) {LOST} GROUP BY l.reason_class", LOST_BY_SCHOOL,
    )),
    Asked("mandates since September by office", (
        "SELECT unit, count(*) FROM mandate m WHERE memo_date BETWEEN :first AND :last AND EXISTS (SELECT 1 FROM "
        "demand d WHERE d.mandate_id = m.id) GROUP BY unit",
        "SELECT i.section, count(*), sum(m.minutes) FROM digest_item i JOIN digest d ON d.id = i.digest_id JOIN "
        "demand m ON m.id = i.demand_id WHERE d.week BETWEEN :first AND :last GROUP BY i.section",
    )),
    Asked("demands taken off plates by office since September", (
        "SELECT k.unit, count(*) FROM digest_item i JOIN digest d ON d.id = i.digest_id JOIN demand m ON m.id = "
        "i.demand_id JOIN mandate k ON k.id = m.mandate_id WHERE d.week BETWEEN :first AND :last AND i.section IN "
        "('off_plate', 'merged') GROUP BY k.unit",
        "SELECT d.school_id, count(*), sum(m.minutes) FROM digest_item i JOIN digest d ON d.id = i.digest_id JOIN "
        "demand m ON m.id = i.demand_id WHERE d.week BETWEEN :first AND :last AND i.section IN ('off_plate', "
        "'merged') GROUP BY d.school_id",
    )),
    Asked("minutes asked since September by network", (
        f"SELECT a.network, sum(d.minutes) {DIGESTS} GROUP BY a.network", f"SELECT d.school_id, d.minutes {DIGESTS}",
    )),
    Asked("share of visits with a next step since September", (
        "SELECT s.name, avg(CASE WHEN v.led_to_next_step THEN 1.0 ELSE 0 END) FROM visit v JOIN school s ON s.id = "
        f"v.school_id WHERE {HELD} GROUP BY s.id, s.name", STEPS,
    )),
    Asked("how useful were visits since September by network", (
        "SELECT network, avg(mean) FROM (SELECT a.network, avg(v.useful) AS mean FROM visit v JOIN assignment a ON "
        f"a.school_id = v.school_id WHERE {HELD} AND v.useful IS NOT NULL GROUP BY a.school_id, a.network) each "
        "GROUP BY network", BY_SCHOOL,
    ), gives_groups=False),
    Asked("open cycles of inquiry by phase", (
        "SELECT phase, count(*) FROM run WHERE counts_as = 'inquiry' AND ended_at IS NULL GROUP BY phase",
        "SELECT school_id, phase_since FROM run WHERE counts_as = 'inquiry' AND ended_at IS NULL",
        "SELECT way, count(*) FROM run WHERE counts_as = 'inquiry' AND ended_at BETWEEN :first AND :last GROUP BY way",
    ), gives_groups=False),
    Asked("visits since September 2016 by month", (
        "SELECT d.month, count(*) FROM visit v JOIN ruler d ON d.day = v.day WHERE v.status = 'held' AND v.day BETWEEN "
        ":ever AND :until GROUP BY d.month",
        *(one.replace(":since", ":ever") for one in AROUND),
    )),
)  # fmt: skip
