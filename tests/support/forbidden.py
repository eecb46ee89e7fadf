"""Claims that no text of this project may make: promise, odds, clearance, blame, fear.

Claims are forbidden and not words: a limit may allow 12 km, and a sentence may say what does not
prevent injury.
"""

from __future__ import annotations

#: What stands before a claim that is denied.
_DENIED = r"(?<!\bnot )(?<!\bnever )(?<!\bcannot )(?<!\bno )(?<!n't )(?<!\bneither )(?<!\bnor )"
_HARM = r"(injur(y|ies|ed)|pain|harm|overuse|stress fractures?)"

#: Patterns of claims, for `re.search` without regard to case.
FORBIDDEN = (
    # it is safe
    r"\b(is|are|was|be|stays?|remains?) ((perfectly|completely|quite|very) )?safe\b",
    r"\bsafe (to (run|train|return|start|increase|jump)|distances?|runs?|ranges?|zones?|plans?)\b",
    r"\bsafe (limits?|pace|ratios?|loads?|mileage|returns?|weeks?|increases?|progression)\b",
    r"\b(run|train|return|build up|increase)\w* safely\b|\bsafely (run|train|return|increase)",
    # it keeps from harm
    rf"{_DENIED}\bprevent(s|ed|ing)? ((an?|your|any|most|all|running|overuse) ){{0,2}}{_HARM}",
    rf"{_DENIED}\b(avoids?|protects?( you)? (from|against)) ((an?|your|any|all) )?{_HARM}",
    r"\binjury[- ](free|proof)\b|\bwill not (get|be) (hurt|injured)\b",
    # odds of one person
    r"\d ?%[^.%]{0,40}\b(more|less) likely\b",
    r"\b(more|less|un)? ?likely to (get|be|become) (hurt|injured)\b",
    r"\brisks?\b[^.]{0,30}\d ?%|\d ?%[^.]{0,20}\brisks?\b",
    r"\b(doubles?|halves?|triples?|raises?|lowers?|cuts?|reduces?) (your|the) (injury )?risk\b",
    r"\byour (injury )?risk (is|has|of)\b",
    rf"{_DENIED}\b(predicts?|predicted|foretells?) (an? |your |whether you )?(injur|get hurt)",
    # clearance
    r"\bcleared (to|for) (run|running|train|return|sport)|\byou('re| are) cleared\b",
    r"\bgood to go\b|\bno need to worry\b|\bnothing to worry about\b",
    r"\b(you are|you're) (now )?(fine|ok|okay|healed|recovered|fit to run|ready to run)\b",
    r"\b(medically|perfectly|completely) (fine|sound|healthy)\b",
    r"\byou('re| are) allowed (to run|to train|\d)",
    r"\brecommended( distance| run| dose)?: ?\d|\brecommend(s|ed)? (running |that you run )?\d",
    r"\byou should (run|train) \d|\bguarantee[ds]?\b",
    # blame
    r"\byou (overstride|overtrain|failed|should have)\b|\b(bad posture|weak core)\b",
    r"\b(only|just) (one |two |\d )rest|\b(lazy|missed|skipped) rest\b",
    r"(^|[.!:;] )(run|train|push) (more|harder)\b",
    rf"\b(caused|will cause) (your|this|the|an?) {_HARM}|\bpain (is|was) caused by\b",
    # fear, and what only sounds like knowledge
    r"\b(is|are) dangerous\b|\b(danger|red|safe) zone\b|\bwill (hurt|injure) you\b",
    r"\bsweet spot\b",
)
