"""Evidence behind a return to running: its limits, and the published walk-run programmes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from loadmon.evidence.record import OUR_CHOICE, Checked, Grade, cite

RAMP_START = cite(
    "ramp-start",
    {"full_until_days": 7, "start_from_days": 30},
    "d",
    "first run after a lay-off",
    "choice of this project: a straight line from the longest run up to a week off to a try "
    "(`ramp-try`) after 30 days",
    "D",
    "project",
    "The first run after a lay-off is a try: the longer you were away the shorter it is, and after "
    "30 days off at most 3 km or half your longest run, whichever is less.",
)
RAMP_TRY = cite(
    "ramp-try",
    {"max_km": 3.0, "share_of_longest": 0.5},
    "km or share",
    "first run after a long lay-off, and run that is no session spike: up to so many km, and up to "
    "that share of the longest known run, or what a beginner starts with (`ramp-novice`)",
    "choice of this project: after 30 days off nothing is left to compare a run with, and a few "
    "jogs of some minutes in between must not leave less than none. What was studied is a whole "
    "first week, of beginners: 3 km are its least",
    "D",
    "project",
    "At most 3 km or half of your longest run, whichever is less, is a try: a return from a long "
    "lay-off may begin with it, and it is never called a spike.",
)
RAMP_REST = cite(
    "ramp-rest",
    {"full_until_days": 7, "half_after_days": 18},
    "d",
    "days off after which the own pattern goes on, and days beyond them after which the first week "
    "is half of the usual one: its share is half_after / (half_after + days off - full_until)",
    "choice of this project: one smooth fall through the steps of published rules, which name 100 "
    "% up to a week (active.com, rungr8.com, both read) or 10 days (Pfitzinger, as runvermont.org "
    "tells it), 70 % at 10 days and 60 % at 15 to 30 (rungr8.com), 60 % at 2 to 4 weeks "
    "(active.com), 50 % at 2 to 4 weeks (runningcoachcarl.com), 50 % at one to three months and "
    "from scratch after three (rungr8.com); Daniels' book (33 % after four weeks) was not seen. "
    "What is lost meanwhile, of highly trained people: maximal oxygen uptake within weeks, about "
    "7 % in the first two to three and 16 % in twelve (Coyle 1984, told by other pages); gains of "
    "the last weeks are gone after four (Mujika & Padilla 2001, Med Sci Sports Exerc 33:413, "
    "abstract). For tendon and bone of runners no figure was found",
    "D",
    "project",
    "After rest the first week falls smoothly: as usual up to 7 days off, about 70 % of it after "
    "two weeks, half of it after 25 days, a quarter after two months.",
)
RETURN_RULES = cite(
    "return-rules",
    {
        "active_share": 0.60,
        "active_growth": 0.10,
        "coach_first_half": 0.50,
        "coach_second_half": 0.75,
        "club_weeks_for_one": 2,
        "arc_growth": 0.10,
        "pfitzinger_days": 10,
    },
    "share, weeks or d",
    "rules of coaches and clinics for the way back after rest: of the week before the break",
    "active.com (60 % after two weeks to a month, then at most 10 % a week; after three months as "
    "a new runner); runningcoachcarl.com (as long as the break at less: the first half of it 50 "
    "%, the second 75 %; up to four weeks, as far as we remember, Daniels' rule too, whose book "
    "was not seen); bedfordviewathletics.co.za (about two weeks for each week off, of brief "
    "lay-offs); arc-running.com (five walk-run sessions to 30 minutes, then about 10 % a week, "
    "every third or fourth week a little less); Pfitzinger's book as runvermont.org tells it "
    "(under 10 days off: go on with the plan). No study stands behind any of them, and the 10 % "
    "did not help in its trial (Buist 2008, doi:10.1177/0363546507307505)",
    "D",
    "read",
    "After three weeks off the rules of coaches and clinics take from 4 to 11 weeks to the usual "
    "week; none of them was tested.",
)
RAMP_CROSS = cite(
    "ramp-cross-training",
    {"share": 1 / 3, "min": 20, "walk_km": 2},
    "share, min or km",
    "share of a day off by which a day with a walk or another sport in the break lessens it, and "
    "the least that counts: minutes of sport, or kilometres of walking",
    "choice of this project. For heart and lungs: 32 trained people who cycled or ran in water for "
    "six weeks kept their oxygen uptake and 2-mile time as well as those who ran (Eyestone et al. "
    "1993, Am J Sports Med 21:41, doi:10.1177/036354659302100107, abstract); Daniels halves the "
    "loss of fitness where there was other training (news.vdoto2.com, table). For tendon and bone, "
    "which other training does not load as running does, and for walking, no figure was found: "
    "hence a third, not a half",
    "D",
    "project",
    "Walking, cycling or swimming in the break keeps your fitness, not your legs' habit of "
    "landing: it shortens the days off by a third at most.",
)
RAMP_ILLNESS = cite(
    "ramp-illness",
    {"share_of_week": 0.75, "days": 7},
    "share or d",
    "most of the usual week in the first days after an illness, all of it easy",
    "choice of this project. What is asked before, fever, breathlessness, chest pain and "
    "palpitations, is in the checklist before training of the IOC consensus on acute respiratory "
    "infections (Schwellnus et al. 2022, doi:10.1136/bjsports-2022-105759, Tables 6 and 7 read): "
    "a first session only where no answer is yes, and more only while none appears during a "
    "session or in the 24 hours after it. Never hard with fever: Friman & Wesslen 2000, "
    "PMC7165523 (abstract). After COVID-19 the steps were under 15, 30, 45 and 60 minutes at "
    "under 70 and 80 % of the highest heart rate (Elliott et al., "
    "doi:10.1136/bjsports-2020-102637, redrawn in PMC9711907). None of these names a share of a "
    "week",
    "D",
    "project",
    "After an illness the first week holds at most three quarters of your usual one, all of it "
    "easy. Fever, breathlessness, chest pain or palpitations: no run, and a doctor first.",
)
RAMP_INJURY = cite(
    "ramp-injury",
    {
        "max_run_min": 20,
        "max_session_min": 45,
        "bone_share": 0.5,
        "days": 7,
        "walking_days": 3,
        "lower_from_pain": 3,
    },
    "min, share, d or points of 10",
    "most running and most of a session, warm-up and walks included, in the first days after "
    "injury or back pain; share of it after a bone stress injury; days of walking where the pain "
    "was worse by the next morning; pain while running from which a return starts a stage lower",
    "choice of this project, above the first sessions of what is published: 8 minutes of running "
    "in 16 (Moen et al. 2012, doi:10.1186/1758-2555-4-12; phases as ankleandfootnorthwest.com "
    "tells them), 8 in 20 (NHS Couch to 5K), 2 in 20 (physioadvisor.com.au), about 5 "
    "(sports-injury-physio.com), one mile in two (Delaware level 1, PMC6693858), about 8 in 13 "
    "(1.0 mile in all, run 3 walk 2: Crowell et al. 2023, doi:10.1186/s13063-023-07502-x, Table "
    "1; minutes at 7 and 11 min/km). With back pain: 2.9 km a week at the start (ASTEROID, its "
    "abstract at sss-2023.p.asnevents.com.au). Pain from 3: the border of the pain-monitoring "
    "model (Silbernagel et al. 2007, doi:10.1177/0363546506298279, abstract; its borders told by "
    "other pages). Bone: returning by level IV evidence only (George et al. 2024, "
    "doi:10.1007/s40279-024-02051-y, abstract); the half is our own",
    "D",
    "project",
    "In the first week after an injury or back pain a session holds at most 20 minutes of running "
    "and 45 in all; after a bone stress injury half of that.",
)
RAMP_WALK_RUN_MIN = cite(
    "walk-run-minutes",
    {"start_stage": 2},
    "stage",
    "stage of the walk-run programme in minutes at which a return begins; one lower with pain",
    "choice of this project: 9 minutes of running, as the first sessions of NHS Couch to 5K and of "
    "Moen et al. 2012 have 8; the programme is that of physiotherapists, `walk-run-30`",
    "D",
    "project",
    "After an injury you run by minutes: six times one and a half of running and three and a half "
    "of walking at first, half a minute more running in each at every stage, to 30 minutes without "
    "a walk.",
)
RAMP_NOVICE = cite(
    "ramp-novice",
    {"bmi_above": 30, "heavy_week_km": 3.0, "first_week_km": 6.0, "first_run_km": 2.0},
    "kg/m2 or km",
    "most kilometres in the whole first week of somebody who never ran or not for long: under the "
    "first with a body mass index above its number, else the second; and in the first run",
    "Nielsen et al. 2014, Int J Sports Phys Ther 9:338, PMC4060311 (abstract: 749 new runners, 56 "
    "injured in three weeks; against under 3 km and a body mass index up to 30, those with a "
    "higher one had 14.3 points more injured with 3 to 6 km in the first week, 3.3 to 25.3, and "
    "16.2 with over 6, 4.4 to 28.0). A trial after it could not settle it: Bertelsen et al. 2018 "
    "(56 people with 30 to 35, three runs of 1 km a week against three of 2 km: 16.3 points "
    "fewer, 43.8 fewer to 11.3 more; 31.2 fewer among those who did as told; via newsroom.au.dk). "
    "The 6 km for others are the border of the upper group of 2014, taken by this project, and the "
    "2 km of a run are a third of them",
    "C",
    "read",
    "If you never ran, keep the first week under 6 km in all, and under 3 km with a body mass "
    "index over 30.",
)
RAMP_PROPORTION = cite(
    "ramp-proportion",
    {"week_km": 30, "times": 2, "days_ahead": 365},
    "km, ratio or d",
    "a weekly target over both this and so many times the largest mean week of four in the files "
    "is refused; so is a return further ahead",
    *OUR_CHOICE,
    "A target over both 30 km a week and twice what you ever ran is not planned, nor a return more "
    "than a year ahead.",
)
RAMP_SESSION = cite(
    "ramp-session",
    {"growth": 0.10, "floor_km": 0.5},
    "share",
    "a planned run over the longest since the return, at most this much longer",
    "the reference level of Schuster Brandt Frandsen et al. 2025, "
    "doi:10.1136/bjsports-2024-109380; the floor of 0.5 km is a choice of this project",
    "D",
    "project",
    "No planned run is over 10 % (or half a kilometre) longer than your longest since the return.",
    limits=("growth", "floor_km"),
)
RAMP_WEEK = cite(
    "ramp-week",
    {
        "steady": 0.15,
        "steady_floor_km": 1.0,
        "earliest": 0.20,
        "earliest_floor_km": 0.0,
        "steady_beyond": 0.10,
        "earliest_beyond": 0.15,
        "known_days": 730,
    },
    "share, km or d",
    "7-day distance over the largest of the three 7-day sums before; beyond the largest mean week "
    "of four in the days before the plan that count as known",
    "choice of this project; 20 % a week keeps the coupled ratio under its limit. That what was "
    "run before comes back sooner than it was built is what coaches' rules share "
    "(`return-rules`); 10 % a week did not help in its trial (Buist 2008, "
    "doi:10.1177/0363546507307505)",
    "D",
    "project",
    "Weekly distance grows by at most this share over the largest of the three weeks before, and "
    "by less beyond what you ran in the last two years.",
    limits=(
        *("steady", "steady_floor_km", "earliest", "earliest_floor_km"),
        *("steady_beyond", "earliest_beyond"),
    ),
)
RAMP_RATIO = cite(
    "ramp-ratio",
    {"coupled": 1.3, "from_day": 28},
    "ratio",
    "coupled acute:chronic ratio of a plan from the 28th day after the return",
    "choice of this project, after the upper end of Gabbett 2016, doi:10.1136/bjsports-2015-095788",
    "X",
    "secondary",
    "From the fifth week the plan also stays under the ratio that would flag it as a spike.",
    limits=("coupled", "from_day"),
)
RAMP_DAYS = cite(
    "ramp-days",
    {"max_in_7": 5, "no_consecutive_days": 28, "repeat_every_weeks": 4, "hold_weeks": 2},
    "d",
    "run days of a plan",
    "choice of this project; no run on consecutive days as in the Delaware levels (PMC6693858) and "
    "the NHS Couch to 5K",
    "D",
    "project",
    "No two run days in a row in the first four weeks, at most five in seven, and every fourth "
    "week repeats the one before.",
    limits=("max_in_7", "no_consecutive_days"),
)
RAMP_GRID = cite(
    "ramp-grid",
    {"step_km": 0.1, "shortest_km": 0.5},
    "km",
    "planned distances are rounded down to the step; a run shorter than the shortest is left out",
    *OUR_CHOICE,
    "Planned runs are whole tenths of a kilometre, always rounded down, and never a few "
    "steps long.",
)
RAMP_LONG_RUN = cite(
    "ramp-long-run",
    {"over_others": 1.5},
    "ratio",
    "long run of a plan towards a long run, over its other runs",
    *OUR_CHOICE,
    "In a plan towards a long run that run is half as long again as the others.",
)
RAMP_PATTERN = cite(
    "ramp-pattern",
    {"weeks": 12, "most_apart": 3},
    "weeks or runs",
    "weeks before the last run whose run days and shares a plan takes over, and most runs a week "
    "with a day between each two",
    *OUR_CHOICE,
    "A plan takes the days of the week and the share of the long run from your own last weeks.",
)
RAMP_HORIZON = cite(
    "ramp-horizon",
    {"weeks": 104, "base_days": 28, "compare_from_day": 14},
    "d or weeks",
    "weeks after which a plan gives up, days that say how much was run before a lay-off, and day "
    "of the return from which seven days are compared with seven days before",
    *OUR_CHOICE,
    "The plan looks at the four weeks before the lay-off, and at most two years ahead.",
)
RAMP_RETURN = cite(
    "ramp-return",
    {"days": 182, "share": 0.90},
    "d or share",
    "how long a return may go on, and the share of the mean week before the lay-off that two weeks "
    "in a row must reach to end it",
    *OUR_CHOICE,
    "A return goes on until two weeks in a row came near what was usual before the lay-off, for "
    "half a year at most.",
)
EASY_PACE = cite(
    "easy-pace",
    {"days": 90, "min_km": 2.0, "min_runs": 3, "assumed": 7.0, "fastest": 3.0, "slowest": 15.0},
    "min/km, d, km or runs",
    "median pace of the runs before the lay-off; assumed where there are too few of them",
    *OUR_CHOICE,
    "Minutes in a plan follow from your usual pace before the lay-off; where it is not known, from "
    "7 minutes a kilometre.",
)
WALK_RUN = cite(
    "walk-run",
    {
        "warm_up_min": 5,
        "step_s": 10,
        "from_days_off": 30,
        "walk_min_per_km": 11,
        "walk_before_min": 30,
    },
    "min, s, d or min/km",
    "walk before and after, step of a planned running time, days off after which a return begins "
    "with walk-run, pace of walking, and the walk without pain that comes before the first run",
    "choice of this project; 30 minutes of walking without pain first as on the pages of "
    "arc-running and achievepodiatry, and in the review of George et al. 2024, "
    "doi:10.1007/s40279-024-02051-y",
    "D",
    "project",
    "After more than 30 days off, or after injury or pain, the first runs are broken up by "
    "walking.",
)
WALK_RUN_STAGES = cite(
    "walk-run-stages",
    {
        "run_1": 2,
        "walk_1": 2,
        "run_2": 3,
        "walk_2": 2,
        "run_3": 4,
        "walk_3": 1,
        "run_4": 9,
        "walk_4": 1,
    },
    "min",
    "alternating running and walking in each stage before running without a walk",
    "choice of this project, near the six phases in Table 1 of Crowell et al. 2023, "
    "doi:10.1186/s13063-023-07502-x (walk 2 and run 3, to walk 1 and run 4, each at least twice, "
    "on level ground; sessions of 1.0, 1.5, 1.5, 2.0, 2.0 and 2.0 miles, walks included, which the "
    "stages here do not follow)",
    "D",
    "project",
    "Runs grow from 2 minutes to 9 with shorter walks between, each stage at least twice, then "
    "the walks go. In the programme it is taken from a session holds 1 to 2 miles, walks included.",
)
RAMP_FOLLOWED = cite(
    "ramp-followed",
    {"share": 0.10, "km": 0.3, "moved_days": 1, "careful_days": 7, "follows_from": 0.5},
    "share, km or d",
    "a run this much from the planned one is still done; on a day this near it is only moved; days "
    "of care after pain; share of runs as planned from which a plan is followed",
    *OUR_CHOICE,
    "A run within a tenth of the planned one is done; what was run beyond the plan does not raise "
    "the next runs.",
)
RAMP_REPLAY = cite(
    "ramp-replay",
    {"longer": 0.03, "later_days": 35},
    "share or d",
    "every run this much longer, as a watch may measure it; days after a changed week that are "
    "looked at",
    *OUR_CHOICE,
    "Each plan is tried with every run 3 % longer, with two runs of a week swapped, and with a "
    "week missed.",
)
RAMP_FILL = cite(
    "ramp-fill",
    {"walk_min": 30, "strength_min": 20, "rest_in_7": 1},
    "min or d",
    "minutes of the walks and strength sessions between the runs, and days a week left free",
    "choice of this project, after NICE guideline NG59 (stay active with back pain) and the trials "
    "of strength in loadmon.evidence.clinic",
    "D",
    "project",
    "Between the runs: easy walks and two short strength sessions; one day a week is free.",
)


# Published walk-run programmes, session by session, each with its source.

#: How often, how much running, how much walking after each, in the unit of the programme.
Bout = tuple[int, float, float]


@dataclass(frozen=True, slots=True)
class Stage:
    """One session of a programme, done several times before the next."""

    name: str  # as the source calls it
    bouts: tuple[Bout, ...]
    times: int = 1  # sessions without complaint before the next stage


@dataclass(frozen=True, slots=True)
class Programme:
    """A walk-run programme."""

    key: str
    title: str  # what it is called in front of people
    unit: Literal["min", "mile"]  # of its running and walking
    stages: tuple[Stage, ...]
    max_in_7: int  # sessions in any seven days, never on two days in a row
    max_levels_in_7: int  # stages gained in any seven days
    warm_up_min: float  # walk before, and after
    source: str
    grade: Grade
    checked: Checked


DELAWARE = Programme(
    "delaware",
    "University of Delaware running levels 1 to 8",
    "mile",
    (
        Stage("level 1", ((10, 0.1, 0.1),), 2),
        Stage("level 2", ((6, 0.2, 0.1), (1, 0.2 * 2 / 3, 0.1 * 2 / 3)), 2),
        Stage("level 3", ((5, 0.3, 0.1),), 2),
        Stage("level 4", ((4, 0.4, 0.1),), 2),
        Stage("level 5", ((1, 2.0, 0.0),), 2),
        Stage("level 6", ((1, 2.5, 0.0),), 2),
        Stage("level 7", ((1, 3.0, 0.0),), 2),
        Stage("level 8", ((1, 3.0, 0.0),), 2),
    ),
    4,
    2,
    5.0,
    "PMC6693858, Table 4; level 8 alternates running and jogging every 0.25 mile, and its distance "
    "is not told: 3 miles as in level 7; two clean sessions a level as in its soreness rules",
    "D",
    "read",
)
COUCH_TO_5K = Programme(
    "couch-to-5k",
    "NHS Couch to 5K",
    "min",
    (
        Stage("week 1", ((8, 1.0, 1.5),), 3),
        Stage("week 2", ((6, 1.5, 2.0),), 3),
        Stage("week 3", ((1, 1.5, 1.5), (1, 3.0, 3.0), (1, 1.5, 1.5), (1, 3.0, 3.0)), 3),
        Stage("week 4", ((1, 3.0, 1.5), (1, 5.0, 2.5), (1, 3.0, 1.5), (1, 5.0, 0.0)), 3),
        Stage("week 5 run 1", ((2, 5.0, 3.0), (1, 5.0, 0.0))),
        Stage("week 5 run 2", ((1, 8.0, 5.0), (1, 8.0, 0.0))),
        Stage("week 5 run 3", ((1, 20.0, 0.0),)),
        Stage("week 6 run 1", ((1, 5.0, 3.0), (1, 8.0, 3.0), (1, 5.0, 0.0))),
        Stage("week 6 run 2", ((1, 10.0, 3.0), (1, 10.0, 0.0))),
        Stage("week 6 run 3", ((1, 25.0, 0.0),)),
        Stage("week 7", ((1, 25.0, 0.0),), 3),
        Stage("week 8", ((1, 28.0, 0.0),), 3),
        Stage("week 9", ((1, 30.0, 0.0),), 3),
    ),
    3,
    3,
    5.0,
    "NHS Couch to 5K, week by week (nhs.uk)",
    "D",
    "read",
)
TIMED_12_WEEK = Programme(
    "timed-12-week",
    "a surgeon's timed walk-to-run programme of 12 weeks, level 1",
    "min",
    (
        Stage("week 1", ((10, 1.0, 1.5),), 3),
        Stage("week 2", ((10, 1.5, 1.5),), 3),
        Stage("week 3", ((10, 1.0, 1.0),), 3),
        Stage("week 4", ((8, 2.0, 1.0),), 3),
        Stage("week 5", ((6, 3.0, 1.0),), 3),
        Stage("week 6", ((5, 4.0, 1.0),), 3),
        Stage("week 7", ((4, 5.0, 1.0),), 3),
        Stage("week 8", ((4, 6.0, 1.0),), 3),
        Stage("week 9", ((3, 8.0, 1.0),), 3),
        Stage("week 10", ((2, 10.0, 1.0),), 3),
        Stage("week 11", ((2, 12.0, 1.0),), 3),
        Stage("week 12", ((1, 25.0, 0.0),), 3),
    ),
    3,
    3,
    5.0,
    "backtotri.com, the return-to-running plan a knee surgeon gave a patient; its last week is "
    "20 to 25 minutes",
    "D",
    "read",
)
#: Running of a block of five minutes, in the order of the stages; the rest of it is walked.
_BLOCK_RUN_MIN = (1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5)
WALK_RUN_MINUTES = Programme(
    "walk-run-30",
    "physiotherapists' blocks of five minutes, to 30 minutes of running",
    "min",
    (
        *(
            Stage(f"stage {i}", ((6, run, 5.0 - run),), 2)
            for i, run in enumerate(_BLOCK_RUN_MIN, 1)
        ),
        Stage("stage 9", ((1, 30.0, 0.0),), 2),
    ),
    3,
    2,
    5.0,
    "six blocks of five minutes, running half a minute more in each at every stage, never two days "
    "in a row: a runner's physiotherapist as minnesotadon.blogspot.com tells it (three sessions a "
    "stage). The same blocks at physioadvisor.com.au (four of them from half a minute, each stage "
    "twice), progressive-pt.com (two days a stage) and thephysiobot.com (six rounds, 30 minutes; "
    "its stages not seen). Two sessions a stage and the walk before are our choice",
    "D",
    "read",
)
AFTER_BONE = Programme(
    "after-bone",
    "the same blocks, half as many at first",
    "min",
    (
        *(
            Stage(f"stage {i}", ((3, run, 5.0 - run),), 2)
            for i, run in enumerate(_BLOCK_RUN_MIN, 1)
        ),
        *(
            Stage(f"stage {i}", ((6, run, 5.0 - run),), 2)
            for i, run in enumerate(_BLOCK_RUN_MIN[3:], 9)
        ),
        Stage("stage 14", ((1, 30.0, 0.0),), 2),
    ),
    3,
    2,
    2.5,
    "three of the blocks of `walk-run-30` to its eighth stage, then all six from its fourth; half "
    "of the minutes is this project's choice (`ramp-injury`)",
    "D",
    "project",
)
MOEN = Programme(
    "moen-2012",
    "the graded running of a trial of shin pain (Moen 2012)",
    "min",
    (
        Stage("phase 1", ((4, 2.0, 2.0),), 2),
        Stage("phase 2", ((4, 2.0, 2.0),), 2),
        Stage("phase 3", ((4, 3.0, 2.0),), 2),
        Stage("phase 4", ((4, 3.0, 2.0),), 2),
        Stage("phase 5", ((1, 16.0, 0.0),), 2),
        Stage("phase 6", ((1, 18.0, 0.0),), 2),
    ),
    3,
    3,
    5.0,
    "Moen et al. 2012, doi:10.1186/1758-2555-4-12 (abstract; phases as ankleandfootnorthwest.com "
    "tells them). Phases 2, 4 and 6 are faster, not longer, and 1 and 2 on a treadmill; the trial "
    "went on where pain was 4 of 10 or less; two sessions a phase and the walk before are our "
    "choice",
    "D",
    "secondary",
)
ARC_RUNNING = Programme(
    "arc-running",
    "arc-running's five sessions to 30 minutes",
    "min",
    (
        Stage("day 1", ((5, 2.0, 4.0),)),
        Stage("day 2", ((5, 3.0, 3.0),)),
        Stage("day 3", ((5, 4.0, 2.0),)),
        Stage("day 4", ((2, 14.0, 2.0),)),
        Stage("day 5", ((1, 30.0, 0.0),)),
    ),
    3,
    3,
    5.0,
    "arc-running.com, for people who walk 30 minutes without pain and did not run for over two "
    "weeks; the days between and the walk before are our choice",
    "D",
    "read",
)
QUARTER_MILES = Programme(
    "quarter-miles",
    "a clinic's quarter miles",
    "mile",
    (
        Stage("phase 1 day 1", ((1, 0.25, 0.75),)),
        Stage("phase 1 day 2", ((1, 0.5, 0.5),)),
        Stage("phase 1 day 3", ((1, 0.75, 0.25),)),
        Stage("phase 2 day 1", ((1, 0.75, 0.25),)),
        Stage("phase 2 day 2", ((1, 1.0, 0.0),)),
        Stage("phase 2 day 3", ((1, 1.0, 0.0),)),
    ),
    4,
    4,
    5.0,
    "semc.org, Return to Running Program; after it a quarter mile more each session; the walk "
    "before is our choice",
    "D",
    "read",
)
TEN_WEEKS_TO_20 = Programme(
    "ten-weeks-to-20",
    "Runner's World, walker to runner in 10 weeks",
    "min",
    (
        Stage("week 1", ((7, 1.0, 2.0),), 3),
        Stage("week 2", ((10, 1.0, 1.0),), 3),
        Stage("week 3", ((7, 2.0, 1.0),), 3),
        Stage("week 4", ((5, 3.0, 1.0),), 3),
        Stage("week 5", ((4, 4.0, 1.0),), 3),
        Stage("week 6", ((3, 6.0, 1.0),), 3),
        Stage("week 7", ((2, 9.0, 1.0),), 3),
        Stage("week 8", ((1, 12.0, 1.0), (1, 7.0, 0.0)), 3),
        Stage("week 9", ((1, 15.0, 1.0), (1, 4.0, 0.0)), 3),
        Stage("week 10", ((1, 20.0, 0.0),), 3),
    ),
    4,
    3,
    5.0,
    "runnersworld.co.za, three to four sessions a week; three, and five minutes of walking before, "
    "are our choice",
    "D",
    "read",
)
PROGRAMMES = {
    p.key: p
    for p in (
        *(DELAWARE, COUCH_TO_5K, TIMED_12_WEEK),
        *(WALK_RUN_MINUTES, AFTER_BONE, MOEN, ARC_RUNNING, QUARTER_MILES, TEN_WEEKS_TO_20),
    )
}
