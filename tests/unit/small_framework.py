"""A framework with every key at its smallest, for the tests of its reader."""

from checklists.frameworks import ParsedFramework, parse_framework

SMALL = """\
slug: small
version: '1.0'
name: Small
kind: gates
order: sequential
evidence: required
guards:
- from: pilot
  to: rollout
- from: intake
  to: poc
  gate: second
required_met: 2
answer_rule:
  met: All of it holds.
answer_labels:
  not_met: Not yet
critical_meaning: Nothing goes on without it.
gates:
- slug: first
  name: First
  purpose: Why it is there
  key_questions:
  - What is asked?
  min_met: 1
  items:
  - code: A-1
    title: One
    critical: true
    statement: It is so.
    met: Whole
    partial: Half
    not_met: Nothing
    evidence_max_age_days: 60
    signals: [live_use]
    applies_to:
      bought: Ask the vendor.
    crosswalk:
      some_list: ['1.2', '3']
    root_cause: ownership
    fact: kpis.complete
- slug: second
  name: Second
  purpose: Why that is there
  min_share_met: 2/3
  items:
  - code: B-1
    title: Two
    critical: false
    statement: That is so.
    met: Whole
    partial: Half
    not_met: Nothing
    root_cause: data_quality
"""


def parsed(text: str) -> ParsedFramework:
    return parse_framework(text.encode(), "small.yaml")


def changed(old: str, new: str) -> tuple[str, int]:
    """SMALL with the first ``old`` replaced, and the line on which ``new`` begins."""
    assert old in SMALL
    at = SMALL.index(old)
    return SMALL.replace(old, new, 1), SMALL.count("\n", 0, at) + 1
