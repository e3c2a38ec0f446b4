"""What the evidence of the demo is called, what leads note beside an answer, and why reviewers decide as they do."""

TITLES = {
    "DATA-1": "Source quality report, all production sources",
    "DATA-2": "Load test at three times the peak",
    "DATA-3": "Catalogue entries with approvals",
    "DATA-4": "Evaluation on production cases, by group",
    "ARCH-1": "Service levels over seven days of pilot traffic",
    "ARCH-2": "Run-cost forecast beside the last bill",
    "ARCH-3": "Rollback rehearsal log",
    "ARCH-4": "Monitoring dashboard and test alert",
    "INTG-1": "Interface list with live runs",
    "INTG-2": "Failure drill log",
    "INTG-3": "Side-by-side run, two weeks",
    "INTG-4": "Access review and sample trace",
    "GOVN-1": "Risk classification and impact assessment",
    "GOVN-2": "Security and privacy review",
    "GOVN-3": "Oversight procedure and group comparison",
    "GOVN-4": "Change and incident rules, next review dated",
    "ADPT-1": "Role assignments and handover file",
    "ADPT-2": "Locked KPIs and pilot result",
    "ADPT-3": "Training list of the first group",
    "ADPT-4": "Weekly use of the last four weeks",
}

NOTES = {
    "partial": "Most of it is there; the rest is planned with a date.",
    "not_met": "Not started yet. Waiting for people from the other side.",
}

OWN_NOTES = {
    (
        "DATA-4",
        "not_met",
    ): "Tested on the cleaned sample from the PoC only; production cases are being drawn.",
    ("DATA-4", "partial"): "Real cases, but the group of hostile input is still missing.",
    (
        "INTG-1",
        "not_met",
    ): "The policy system is still a stand-in; access to the live one was asked for in spring.",
    ("INTG-1", "partial"): "Reading is live; the write-back goes through a file for now.",
    ("GOVN-2", "partial"): "Penetration test done, one high finding waits for its control.",
    ("ADPT-3", "not_met"): "No training date yet; the teams are short of people before year end.",
    ("ADPT-4", "partial"): "Three of four weeks reached the agreed level.",
}


RATIONALES = {
    "pass": (
        "Evidence is fresh and shows what it should. Spot checks agree with the answers.",
        "All critical points hold; what is partial is minor and owned.",
        "Looked at the report behind each critical item. It holds.",
        "Good work. Numbers come from live operation, not from the lab.",
    ),
    "pass_with_conditions": (
        "It holds, with one promise that has to be kept before the rollout grows.",
        "Enough to go on; the open point is named as a condition.",
    ),
    "return": (
        "The evidence shows an extract, not the live flow. Please measure on production input and come back.",
        "The owner of two sources did not agree to the limits. Settle that first.",
    ),
    "stop": ("The agreed limit was not reached and there is no plan that closes the distance.",),
}


def evidence_title(code: str) -> str:
    return TITLES.get(code, f"Record for {code}")


def note_for(code: str, value: str) -> str:
    return OWN_NOTES.get((code, value), NOTES.get(value, ""))
