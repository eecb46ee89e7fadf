"""What one session costs: pure formulas over its streams, most of them free of any setting.

Reading turns a cleaned stream into a `profile`: seconds at each heart rate and speed, climb, steps,
normalised speed and power. Everything that depends on the athlete (TRIMP, zones, stress) is a
formula over that profile, vectorised over sessions, so changed settings need no second reading.
"""
