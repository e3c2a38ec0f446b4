"""Eight writers, two sweeps and a proof of the chain, all at once on either database."""

from tests.integration.faults.crowds import WRITERS
from tests.integration.faults.installation import Installation

EACH = 6


def test_the_chain_has_no_gap_and_nothing_is_stale_doubled_or_refused(installation: Installation) -> None:
    found = installation.call("crowds:write_together", initiatives=EACH)
    assert found.pop("errors") == []
    assert found.pop("proofs") > 0
    assert found == {
        "held": True,
        "gapless": True,
        "whole": True,
        "moments": True,
        "flags": True,
        "days": True,
        "answered": WRITERS * EACH,
        "submitted": WRITERS * EACH,
        "stale": [],
    }
