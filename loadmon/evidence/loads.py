"""Evidence behind the loads of one session: what each number is, and how far it can be trusted."""

from __future__ import annotations

from loadmon.evidence.record import OUR_CHOICE, cite

RECORDING = cite(
    "recording",
    {"max_gap_s": 120, "max_hole_s": 10, "min_coverage_pct": 80, "derived_speed_s": 10},
    "s or %",
    "a longer gap between two records earns nothing, nor does one in which the timer stood; a "
    "stream that records leave out for longer than the hole is not known there; below this share "
    "of the timer with a heart rate there is no heart-rate load; a speed that was not recorded "
    "comes from the distance over so many seconds",
    *OUR_CHOICE,
    "A watch that writes a record only now and then means its last one to hold; a longer silence "
    "earns no load, and a session with too little heart rate has no heart-rate load rather than "
    "a light one.",
)
SESSION_RPE = cite(
    "session-rpe",
    {"scale_max": 10},
    "CR10",
    "load = answer on the CR10 scale x minutes of the session",
    "Foster et al. 2001, J Strength Cond Res 15:109, through Foster et al. 2021, Int J Sports "
    "Physiol Perform 16:612, doi:10.1123/ijspp.2020-0599 (abstract)",
    "C",
    "read",
    "How hard a session felt, times its minutes: studies over 25 years found it to go with heart "
    "rate and lactate, in sports from running to lifting.",
)
TRIMP_MEN = cite(
    "trimp-men",
    {"a": 0.64, "b": 1.92},
    "ratio",
    "sum over minutes of h a e^(b h), h the share of heart-rate reserve; the pair for men",
    "Banister, in Morton, Fitz-Clarke & Banister 1990, J Appl Physiol 69:1171, "
    "doi:10.1152/jappl.1990.69.3.1171, via trainingimpulse.com and forum.intervals.icu/t/10200",
    "C",
    "secondary",
    "The weight of a heartbeat follows the blood lactate of a few men in one laboratory; your own "
    "curve may differ.",
)
TRIMP_WOMEN = cite(
    "trimp-women",
    {"a": 0.86, "b": 1.67},
    "ratio",
    "sum over minutes of h a e^(b h), h the share of heart-rate reserve; the pair for women",
    "Banister, as for men; via trainingimpulse.com and forum.intervals.icu/t/10200",
    "C",
    "secondary",
    "The weight of a heartbeat follows the blood lactate of a few women in one laboratory; your "
    "own curve may differ.",
)
EDWARDS = cite(
    "edwards",
    {"zone_1": 50, "zone_2": 60, "zone_3": 70, "zone_4": 80, "zone_5": 90},
    "% of maximal heart rate",
    "lower bounds of five zones; minutes in them count 1 to 5 times, below the first 0",
    "Edwards 1993, The Heart Rate Monitor Book, via trainingimpulse.com/edwards-trimp (which finds "
    "no study behind the weights)",
    "D",
    "secondary",
    "Five equal steps of heart rate with weights from a handbook: easy to follow, and not tested "
    "against anything the body does.",
)
LUCIA = cite(
    "lucia",
    {"below_vt1": 1, "between": 2, "above_vt2": 3},
    "weight of a minute",
    "minutes below the first ventilatory threshold, between both, and above the second",
    "Lucia et al. 2003, Med Sci Sports Exerc (Tour and Vuelta), via "
    "bikeradar.com/advice/fitness-and-training/training-measuring-work-rate",
    "C",
    "secondary",
    "Three zones between thresholds measured in a laboratory; made to compare cycling races.",
)
STRESS = cite(
    "stress-score",
    {"hour_at_threshold": 100},
    "points",
    "100 for one hour at threshold; heart rate in proportion to TRIMP, speed and power by the "
    "square of their share of the threshold (of speeds, not of paces)",
    "as TrainingPeaks' TSS and rTSS are described on me-create.com/triathlon-24e and "
    "forum.slowtwitch.com/t/682825; the heart-rate form as on shapecalendar.com; names are ours",
    "D",
    "secondary",
    "A scale from cycling on which an hour as hard as you can is 100: handy to compare sessions, "
    "not tested as a measure of strain on legs.",
)
RUNNING_COST = cite(
    "running-cost",
    {"c5": 155.4, "c4": -30.4, "c3": -43.3, "c2": 46.3, "c1": 19.5, "c0": 3.6, "max_slope": 0.45},
    "J/kg/m",
    "energy of running one metre at slope i: c5 i^5 + c4 i^4 + c3 i^3 + c2 i^2 + c1 i + c0, "
    "for slopes within the laboratory's range",
    "Minetti et al. 2002, J Appl Physiol 93:1039, doi:10.1152/japplphysiol.01177.2001 (abstract; "
    "the polynomial via pacelore.com/blog/gap-minetti and GoldenCheetah's GOVSS)",
    "C",
    "read",
    "Ten runners on a treadmill: what a slope costs in energy. Downhill it says nothing about "
    "muscles or joints, and it misjudges how fast people really descend.",
)
NORMALISED = cite(
    "normalised",
    {"window_s": 30, "power": 4},
    "s or exponent",
    "30 s rolling mean, its 4th power averaged over the session, and the 4th root of that",
    "Coggan's normalized power, via forum.intervals.icu/t/50169; for speed an analogue of "
    "TrainingPeaks' NGP, whose formula is not published",
    "D",
    "secondary",
    "A mean in which hard minutes weigh more than easy ones, adapted from cycling power.",
)
SLOPE = cite(
    "slope",
    {"slope_span_m": 60, "downhill_pct": -5},
    "m or %",
    "distance over which the slope of a moment is taken; slope below which metres lost are "
    "downhill",
    *OUR_CHOICE,
    "A slope over less than 60 m would be altimeter noise.",
)
FASTEST = cite(
    "fastest-on-foot",
    {"speed_mps": 12},
    "m/s",
    "momentary speed of a run above which a record is wrong",
    "choice of this project: the fastest 20 m of a 100 m race were run at 12.4 m/s (Bolt 2009)",
    "D",
    "project",
    "A jump in position is not a sprint.",
)
RIDE = cite(
    "ride",
    {
        "speed_mps": 8.5,
        "least_s": 60,
        "around_mps": 4.5,
        "joined_s": 240,
        "least_spm": 100,
        "sure_s": 120,
        "most_s": 2400,
        "rest_s": 300,
        "rest_mps": 6,
    },
    "mixed",
    "a stretch of a run that goes on for so long above this speed is a ride, with what touches it "
    "above the speed around it, and stops between two rides; not where so many steps a minute say "
    "that it was run and it is shorter than what is sure, where rides are longer together than by "
    "the way home (a bicycle), or where what is left is short or no run either",
    "choice of this project: the fastest minute of an 800 m race is run at under 8 m/s (Rudisha "
    "2012, 100.91 s)",
    "D",
    "project",
    "A watch that was left running in a car does not make a run longer.",
)
CLIMB = cite(
    "climb",
    {"smooth_s": 7, "step_m": 0.9, "whole_step_m": 2},
    "s or m",
    "altitude as a 7 s mean; it counts as climbed or descended once it has changed by 0.9 m, by "
    "2 m where it is recorded in whole metres",
    "choice of this project, set so that it agrees with the ascent that a watch with a barometer "
    "reports (docs/loads.md)",
    "D",
    "project",
    "Altitude that wobbles by less than 0.9 m, or by its own last digit, is not counted as "
    "climbing.",
)
GOVSS = cite(
    "govss",
    {
        "area_h": 0.725,
        "area_m": 0.425,
        "area": 0.2025,
        "frontal_share": 0.266,
        "air_kg_m3": 1.2,
        "drag": 0.9,
        "efficiency": 0.25,
        "efficiency_per_mps": 0.054,
        "elastic_loss": 0.5,
        "elastic_speed_mps": 8.33,
        "mean_s": 120,
    },
    "mixed",
    "power of running from speed, slope, mass and height; stress against the power at threshold "
    "speed on the level",
    "Skiba 2006, GOVSS, as written in GoldenCheetah, src/Metrics/GOVSS.cpp (formula only)",
    "D",
    "secondary",
    "A model of running power made by one coach from published parts; it needs no sensor, and no "
    "sensor has confirmed it.",
)
GARMIN_LOAD = cite(
    "garmin-load",
    {"imported": 1},
    "points",
    "training_load_peak of the file's session, as the watch wrote it",
    "support.garmin.com, What Is the Training Load Feature; Firstbeat's estimate of oxygen "
    "consumption after exercise from heart rate, unpublished",
    "D",
    "secondary",
    "The watch's own number, shown as it is: it rests on heart rate, and sees nothing of muscle "
    "or bone.",
)
FITNESS_LINES = cite(
    "fitness-lines",
    {"fitness_days": 42, "fatigue_days": 7},
    "d",
    "exponentially weighted means of a daily load, weight 1 - e^(-1/days), 1/days or 2/(days + 1)",
    "Coggan's performance management chart, via docs.mydatafor.life/reference/fitness-model "
    "(1 - e^(-1/days)), uphillathlete.com/forums/topic/ctl-atl-tsb-info-sheet-from-cp (1/days) and "
    "brunov21.github.io/FitOps-CLI/concepts/training-load (2/43 and 2/8)",
    "D",
    "secondary",
    "Two smoothed means of your load under names that promise more than they are: neither measures "
    "fitness or fatigue. Programs smooth in at least three ways, so their numbers differ.",
)
