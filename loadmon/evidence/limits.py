"""Evidence behind the checks, the windows and lay-offs of daily load, and their evaluation."""

from __future__ import annotations

from loadmon.evidence.record import OUR_CHOICE, cite

SESSION_SPIKE = cite(
    "session-spike",
    {"small": 1.10, "moderate": 1.30, "large": 2.00, "window_days": 30},
    "ratio",
    "distance of one run over the longest run of the 30 days before its day",
    "Schuster Brandt Frandsen et al. 2025, Br J Sports Med 59:1203, "
    "doi:10.1136/bjsports-2024-109380 (abstract)",
    "B",
    "read",
    "In 5,205 runners, runs over 10 % longer than any in the 30 days before went with a higher "
    "rate of overuse injury; most such runs ended well, and more was not steadily worse.",
    limits=("small", "moderate", "large"),
)
SESSION_FLOOR = cite(
    "session-floor",
    {"min": 5, "descent_m": 100},
    "min or m",
    "a run stands out in time or in descent only by more than this over those before",
    *OUR_CHOICE,
    "Five minutes, or a hundred metres of descent, are a large share of a short or flat run and "
    "still a small step.",
    limits=("min", "descent_m"),
)
DESCENT = cite(
    "descent",
    {name: SESSION_SPIKE[name] for name in ("small", "moderate", "large", "window_days")},
    "ratio",
    "metres of descent of one run over the most of any run of the 30 days before its day: the "
    "levels for distance, extrapolated",
    "choice of this project, after Bontemps et al. 2020, doi:10.1007/s40279-020-01355-z "
    "(abstract): muscles that are used to running downhill are damaged less by it",
    "D",
    "project",
    "Running downhill is hardest on muscles that have not done it lately; no study read tells how "
    "much more is too much, so the levels for distance are extrapolated.",
    limits=("small", "moderate", "large"),
)
#: What studies in runners saw of the ratio, in one sentence; their sources are in the entry.
RATIO_IN_RUNNERS = (
    "In runners the ratio foretells no injury: two studies saw fewer injuries at a high ratio, a "
    "third more days at 1.5 or above in those hurt in the first four weeks of a marathon plan."
)
ACWR_LIMIT = cite(
    "acwr-limit",
    {"coupled": 1.5, "uncoupled": 1.8, "ewma": 1.5},
    "ratio",
    "flag of the acute:chronic ratio, each number for its own method only",
    "Gabbett 2016, Br J Sports Med 50:273, doi:10.1136/bjsports-2015-095788 (team sports, via "
    "secondary pages); 1.8 uncoupled is the same limit by U = 3C/(4-C). Against it, by their "
    "abstracts (Frandsen's result on the ratio, and Toresdahl's p, by other pages): "
    "Schuster Brandt Frandsen et al. 2025, doi:10.1136/bjsports-2024-109380 (5,205 "
    "runners); Nakaoka et al. 2021, doi:10.1007/s40279-021-01483-0 (435 runners, two weeks against "
    "4 to 12); a trial of steering by it, Dalen-Lorentsen et al. 2021, "
    "doi:10.1136/bjsports-2020-103003 (482 young footballers, relative risk of a health problem "
    "1.01, 0.91 to 1.12). For it: Toresdahl et al. 2022, doi:10.1136/bjsports-2022-105670 (735 "
    "runners, 7 days over 28; the first 4 of 16 weeks)",
    "X",
    "secondary",
    f"The ratio marks a jump against your own last weeks. {RATIO_IN_RUNNERS} Footballers who were "
    "steered by it had as many health problems as others. It is shown because people ask for it.",
    limits=("coupled",),
)
WEEKLY_CHANGE = cite(
    "weekly-change",
    {"limit": 1.30, "doubled": 2.0},
    "ratio",
    "distance of 7 days over the fullest 7 of the own twelve weeks before (limit), or of the last "
    "four of them (doubled)",
    "Nielsen et al. 2014, J Orthop Sports Phys Ther 44:739, doi:10.2519/jospt.2014.5164 (874 new "
    "runners); Damsted et al. 2019, J Orthop Sports Phys Ther 49:230 (261 runners, 20 to 60 % more "
    "a week against less: risk difference 22.6 points on day 21, none on days 56 and 98). Against "
    "them Schuster Brandt Frandsen et al. 2025, doi:10.1136/bjsports-2024-109380 (5,205 runners), "
    "Fredette et al. 2022, J Athl Train 57:650, doi:10.4085/1062-6050-0195.21 (36 studies, 23,047 "
    "runners: conflicting), and a trial of the 10 % rule, Buist et al. 2008, "
    "doi:10.1177/0363546507307505 (532 new runners: 20.8 % hurt with it, 20.3 % without); by their "
    "abstracts, Frandsen's result on weeks by a clinic's page. To take the fullest 7 days of "
    "twelve weeks, and double those of four, is a "
    "choice of this project, so that a usual week after easier ones is no alarm",
    "X",
    "read",
    "In 5,205 runners a fuller week went with no more injuries, and 36 studies together say "
    "nothing clear. Among 874 new runners over 30 % more within two weeks tended to go with "
    "distance-related injuries (hazard ratio 1.59, 0.96 to 2.66: chance is not ruled out). It is "
    "shown as a change, not as a danger.",
    limits=("limit", "doubled"),
)
RAMP_RATE = cite(
    "ramp-rate",
    {"limit": 8},
    "points a week",
    "rise in 7 days of the exponentially weighted load of 42 days, in points of which 100 are an "
    "hour at threshold",
    "Friel, The CTL ramp rate, joefrieltraining.com (5 to 8 a week, as other pages tell it)",
    "D",
    "secondary",
    "A coach's rule of thumb, for loads where 100 points are an hour at threshold; for any other "
    "load it is no limit.",
    limits=("limit",),
)
MONOTONY = cite(
    "monotony",
    {"limit": 2.0},
    "ratio",
    "mean of 7 daily loads over their population standard deviation",
    "Foster 1998, Med Sci Sports Exerc 30:1164, doi:10.1097/00005768-199807000-00023 (abstract: 25 "
    "athletes, session RPE); the limit of 2.0 is not in it, but via fellrnr.com; to take "
    "kilometres, or any load but session RPE, is an extrapolation of this project",
    "D",
    "secondary",
    "In 25 athletes most illnesses followed hard training, day after day alike, each at a level of "
    "the athlete's own. It was about illness and felt effort: for injury, for kilometres and with "
    "this limit it is extrapolated. Two days without a run in seven keep it below 2.",
    limits=("limit",),
)
REST_DAYS = cite(
    "rest-days",
    {"min_in_7": 2},
    "d",
    "days without a run in any 7",
    "Ristolainen et al. 2014, J Sports Med Phys Fitness 54:78 (abstract: 446 elite skiers, "
    "swimmers and long-distance runners, asked by post about twelve months). Against it "
    "Abrahamson et al. 2025, Scand J Med Sci Sports 35:e70004 (abstract: 7,391 runners, injuries "
    "within 1,000 km)",
    "D",
    "read",
    "Elite skiers, swimmers and runners with fewer than two rest days a week had a 5.2-fold risk "
    "of an overuse injury (1.9 to 14), as they remembered it. In 7,391 runners it was the reverse: "
    "those who ran every day were hurt least, though perhaps because only the healthy can.",
    limits=("min_in_7",),
)
RUN_DAYS_IN_A_ROW = cite(
    "run-days-in-a-row",
    {"max": 5},
    "d",
    "run days next to each other",
    "choice of this project: two days without a run in any 7 leave at most five in a row",
    "D",
    "project",
    "Five run days in a row are the most that two days without a run in seven leave.",
    limits=("max",),
)
HARD_DAYS = cite(
    "hard-days",
    {"max_in_a_row": 2, "rpe": 7, "share": 2 / 3, "window_days": 42, "min_runs": 6},
    "d",
    "days in a row with a run rated RPE 7 or more, or whose load lies in the top third of the "
    "runs of the 42 days before",
    *OUR_CHOICE,
    "Two hard days in a row are common in training plans; a third is worth a look.",
    limits=("max_in_a_row", "rpe"),
)
INTENSITY = cite(
    "intensity",
    {"limit": 1.5, "floor_min": 10, "window_days": 28},
    "ratio",
    "minutes above threshold heart rate of 7 days over the weekly mean of the 28 days before them",
    *OUR_CHOICE,
    "How much more hard running is too much is not known; half as much again as in your last four "
    "weeks is a jump worth seeing.",
    limits=("limit", "floor_min"),
)
AGREEMENT = cite(
    "agreement",
    {"acute_step_days": 1, "chronic_step_days": 7},
    "d",
    "the ratio by two methods (rolling and EWMA) with windows a day and a week shorter and longer; "
    "interval from all ways to draw the days before again in blocks of seven",
    "choice of this project, after Carey et al. 2016, doi:10.1136/bjsports-2016-096309 (abstract: "
    "336 ways to compute a ratio, of which one always fits best)",
    "D",
    "project",
    "A flag that only one of many ways to compute the ratio raises says more about the way than "
    "about the running.",
)
LOOKBACK = cite(
    "lookback",
    {
        "times_usual_gap": 2,
        "before_days": 28,
        "pain_from": 3,
        "pain_apart_days": 28,
        "min_named": 5,
        "gap_over_days": 7,
    },
    "d",
    "a lay-off is a gap of more than twice the usual one, or a pain in the diary; flags of the 28 "
    "days before each against those before all other weeks; and gaps over 7 days and pains of the "
    "28 days after each flag",
    *OUR_CHOICE,
    "A handful of lay-offs cannot show what a flag is worth; a holiday or the flu is a "
    "lay-off too.",
)
INTERVAL = cite(
    "interval",
    {"share": 0.95},
    "share",
    "two-sided interval of a share (Wilson 1927, J Am Stat Assoc 22:209) or of a ratio (bootstrap)",
    "convention of the field; to show it beside every share is a choice of this project",
    "D",
    "project",
    "Values anywhere between the two ends fit what was seen.",
)


# Choices behind what counts as a run, an outing, an event and a habit.

OUTING = cite(
    "outing",
    {"gap_min": 30},
    "min",
    "time from the end of one recording, by its timer, to the start of the next, up to which both "
    "are one outing",
    "choice of this project: the study of single runs counts recordings, and says nothing of "
    "those that were cut in two",
    "D",
    "project",
    "Warm-up, race and cool-down, or a watch that was stopped and started again, are one outing: "
    "legs know nothing of files.",
)
RUN_DAY = cite(
    "run-day",
    {"min": 10, "distance_km": 1.5},
    "min or km",
    "running of a day, either of the two, from which it counts as a run day",
    "choice of this project, just above the eight minutes of running that the first day of the "
    "NHS Couch to 5K holds, and just under the mile that Delaware level 1 does (PMC6693858)",
    "D",
    "project",
    "A jog to the bus is no run day. From ten minutes of running or 1.5 km on, a day is one.",
)
EVENT = cite(
    "event",
    {"over_others": SESSION_SPIKE["moderate"], "window_days": 90},
    "ratio or d",
    "distance of an outing over the longest other of the 90 days before it; no base until a second "
    "outing of at least its length over this ratio",
    "choice of this project; the ratio is the level from which the study of single runs calls a "
    "spike moderate (session-spike)",
    "D",
    "project",
    "A race, or an outing far longer than any other of three months, is judged like every run, but "
    "having done it once does not make it what you are used to. A try (`ramp-try`) is no event.",
)
COVERED_DAYS = cite(
    "covered-days",
    {"min_days": 21},
    "d",
    "days since the first recording, among the 30 before a run, from which it is compared",
    "choice of this project: the study of single runs compares with 30 days, and its abstract does "
    "not say how it took runners who had fewer",
    "D",
    "project",
    "In the first three weeks of a log nearly every run is the longest: there is nothing to "
    "compare it with yet.",
)
SPARSE = cite(
    "sparse",
    {"min_run_days": 6},
    "d",
    "run days in the chronic window under which no ratio is shown",
    "choice of this project, by arithmetic: of five equal runs in 28 days, two that fall into one "
    "week already make a coupled ratio of 4 x 2/5 = 1.6, of six 4 x 2/6 = 1.33 (the limit is 1.5)",
    "D",
    "project",
    "With five runs or fewer in four weeks, the ratio says on which days they fell, not how much "
    "you ran.",
)
OWN_HABIT = cite(
    "own-habit",
    {"weeks": 12, "min_weeks": 4, "min_run_days": 4},
    "weeks or d",
    "weeks before the seven days that say what is usual, and how many it takes: few rest days, or "
    "the same load day after day, are flagged where they are new; and run days under which weeks "
    "are no base of a change",
    "choice of this project: whoever ran on most days did not have more injuries in the largest "
    "study (rest-days), so that only a change is worth a word",
    "D",
    "project",
    "What you have done alike for twelve weeks is your habit, and no alarm.",
)


# Evidence behind the loads and the daily calendar: windows, lay-offs, silence.

WINDOWS = cite(
    "acwr-windows",
    {"acute": 7, "chronic": 28},
    "d",
    "acute and chronic window of the acute:chronic ratio",
    "Williams et al. 2017, Br J Sports Med 51:209, doi:10.1136/bjsports-2016-096589",
    "X",
    "read",
    "Seven days against twenty-eight is the usual pair of windows; other pairs give other answers.",
)
CHRONIC_FLOOR = cite(
    "chronic-floor",
    {"share": 0.25, "window_days": 180},
    "share",
    "chronic load under this share of its own mean makes the ratio meaningless (low_base)",
    *OUR_CHOICE,
    "A ratio against almost nothing is large whatever you run, so none is shown.",
)
LAYOFF = cite(
    "lay-off",
    {"returning_from_days": 14, "returning_for_days": 28, "ask_from_days": 14},
    "d",
    "days in a row without load that make a lay-off, and how long the ratio is withheld after it",
    "choice of this project; after 28 days off the coupled ratio reads 4.0 for any first run",
    "D",
    "project",
    "For four weeks after a lay-off the ratio says nothing about how much you run, so "
    "none is shown.",
)
FRESHNESS = cite(
    "freshness",
    {"quantile": 0.95, "min_days": 3},
    "d",
    "silent days at the end of the data that still count as rest",
    *OUR_CHOICE,
    "A silence longer than your usual gap between activities may be rest or an old export: we ask.",
)
LOAD_INTERVAL = cite(
    "load-interval",
    {"min_known_runs": 5},
    "runs",
    "runs with a known load from which the largest load a minute is taken, for runs without it",
    *OUR_CHOICE,
    "A run whose load is not known could have held from nothing to what your hardest minutes hold.",
)


# Choices behind the evaluation of flags against injuries.

EVALUATION = cite(
    "cohort-evaluation",
    {
        "horizon_days": 7,
        "horizon_2_days": 14,
        "horizon_3_days": 28,
        "lag_days": 1,
        "run_in_days": 30,
        "recurrence_days": 28,
        "interval": 0.95,
        "min_injuries": 5,
    },
    "d, a share or a count",
    "days after a flag that belong to it, always all three; first day that does; days before any "
    "counts; days within which an injury is the same one; share of an interval; injuries on each "
    "side below which an interval is that of counts",
    *OUR_CHOICE,
    "How long a flag is held to matter is a choice, and a choice of the best one afterwards would "
    "find something in chance: three are always shown.",
)
