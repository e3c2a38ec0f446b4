"""Why an initiative is stalled or at risk: pure rules over one initiative's facts and a day.

Standard library only. ``facts`` is what goes in, ``engine.evaluate`` is the door, ``registry`` lists the rules.
Wording, severities, stages and default thresholds come from ``readiness/standing/content/flags.yaml``, handed in.
"""
