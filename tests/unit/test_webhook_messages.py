"""What events say to the outside, how messages are signed, and when they are tried again."""

import base64
import re
import runpy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from readiness.derived import KeyIsGone, Seed, new_seed
from readiness.webhooks.events import Kind, Told, told_by
from readiness.webhooks.schedule import LONGEST_REST, LONGEST_WISH, RETRIES, next_try, rest, wish
from readiness.webhooks.signing import secret_of, shown, signatures
from tests.architecture.sources import REPOSITORY

KEY, OLD_KEY = "the key of this installation", "the key before it"
BODY = '{"name":"Größe"}'.encode()


def said(verb: str, **data: object) -> list[tuple[str, dict[str, object]]]:
    return [(one.kind.value, one.facts) for one in told_by(verb, data, "lena")]


def test_a_submission_and_a_decision() -> None:
    gate = {"gate": "data", "name": "Data", "kind": "gate"}
    assert said("gate.submitted", **gate, submission=7) == [
        ("gate.submitted", {"gate": "data", "kind": "gate", "submission": {"id": 7, "by": "lena"}})
    ]
    assert said("gate.decided", **gate, decision="pass", rationale="Secret.") == [
        ("gate.decided", {"gate": "data", "kind": "gate", "decision": {"decision": "pass", "by": "lena"}})
    ]


def test_everything_that_one_act_changed_has_a_place_of_its_own() -> None:
    standing = {
        "score": ["80.0", "82.5"],
        "stage": ["poc", "pilot"],
        "gates": {"data": ["open", "submitted"], "adoption": ["locked", "open"]},
        "flags_opened": [{"code": "no_activity", "severity": "warning"}],
        "flags_resolved": ["low_usage"],
        "flags_changed": [{"code": "stage_overrun", "severity": "warning"}],
        "exits_triggered": [{"criterion": 3, "words": "Use below 20.", "decider": "elsa"}],
    }
    found = told_by("stage.moved", {"from": "poc", "to": "pilot", "standing": standing}, "lena")
    assert found == [
        Told(Kind.STAGE_CHANGED, 1, {"stage": {"before": "poc", "after": "pilot"}, "by": "lena"}),
        Told(Kind.EXIT_TRIGGERED, 2, {"exit": {"id": 3, "words": "Use below 20.", "decider": "elsa"}}),
        Told(Kind.FLAG_OPENED, 3, {"flag": {"code": "no_activity", "severity": "warning"}}),
        Told(Kind.FLAG_RESOLVED, 4, {"flag": {"code": "low_usage"}}),
        Told(
            Kind.READINESS_CHANGED,
            5,
            {
                "score": {"before": 80.0, "after": 82.5},
                "gates": [
                    {"gate": "adoption", "before": "locked", "after": "open"},
                    {"gate": "data", "before": "open", "after": "submitted"},
                ],
            },
        ),
    ]


@pytest.mark.parametrize(
    "data", [{}, {"standing": {}}, {"standing": {"flags_changed": [{"code": "x", "severity": "info"}]}}]
)
def test_what_is_no_news_outside_says_nothing(data: dict[str, object]) -> None:
    assert told_by("answer.recorded", data, "lena") == []


def test_the_reference_takes_what_is_signed_and_nothing_else() -> None:
    seed = new_seed(KEY)
    secret, at = secret_of(seed, [KEY]), int(datetime.now(UTC).timestamp())
    headers = {
        "webhook-id": "evt_42_1",
        "webhook-timestamp": str(at),
        "webhook-signature": signatures([secret], "evt_42_1", at, BODY),
    }
    reference = Webhook(shown(secret))
    assert reference.verify(BODY, headers) == {"name": "Größe"}
    wrong = [
        (BODY + b" ", headers),
        (BODY, headers | {"webhook-id": "evt_42_2"}),
        (BODY, headers | {"webhook-timestamp": str(at + 1)}),
    ]
    for body, other in wrong:
        with pytest.raises(WebhookVerificationError):
            reference.verify(body, other)


def test_the_example_of_the_documents_takes_the_same(tmp_path: Path) -> None:
    page = (REPOSITORY / "docs" / "api.md").read_text()
    (code,) = re.findall(r"^```python\n(import base64.*?)^```$", page, re.MULTILINE | re.DOTALL)
    example = tmp_path / "example.py"
    example.write_text(code)
    is_genuine = runpy.run_path(str(example))["is_genuine"]
    old, new = (secret_of(new_seed(KEY), [KEY]) for _ in range(2))
    at = int(datetime.now(UTC).timestamp())
    headers = {
        "Webhook-Id": "evt_42_1",
        "Webhook-Timestamp": str(at),
        "Webhook-Signature": signatures([new, old], "evt_42_1", at, BODY),
    }
    assert is_genuine(shown(new), headers, BODY) and is_genuine(shown(old), headers, BODY)
    assert not is_genuine(shown(new), headers, BODY + b" ")
    late = headers | {
        "Webhook-Timestamp": str(at - 301),
        "Webhook-Signature": signatures([new], "evt_42_1", at - 301, BODY),
    }
    assert not is_genuine(shown(new), late, BODY)


def test_old_and_new_secret_are_both_taken() -> None:
    old, new = (secret_of(new_seed(KEY), [KEY]) for _ in range(2))
    at = int(datetime.now(UTC).timestamp())
    headers = {
        "webhook-id": "m",
        "webhook-timestamp": str(at),
        "webhook-signature": signatures([new, old], "m", at, b"{}"),
    }
    for secret in (old, new):
        assert Webhook(shown(secret)).verify(b"{}", headers) == {}
    with pytest.raises(WebhookVerificationError):
        Webhook(shown(secret_of(new_seed(KEY), [KEY]))).verify(b"{}", headers)


def test_a_secret_is_made_anew_from_the_key_it_was_made_with() -> None:
    seed = new_seed(OLD_KEY)
    secret = secret_of(seed, [OLD_KEY])
    assert len(base64.b64decode(shown(secret).removeprefix("whsec_"))) == 32
    assert secret_of(seed, [KEY, OLD_KEY]) == secret
    assert secret_of(Seed(new_seed(OLD_KEY).salt, seed.mark), [OLD_KEY]) != secret
    with pytest.raises(KeyIsGone):
        secret_of(seed, [KEY])


def test_it_is_tried_for_three_days() -> None:
    assert sum(RETRIES, timedelta()) > timedelta(days=3)
    assert list(RETRIES) == sorted(RETRIES)
    assert [next_try(attempts) for attempts in range(1, 11)] == [*RETRIES, None]


def test_a_receiver_that_fails_is_left_in_peace_for_longer_and_longer() -> None:
    rests = [rest(failures) for failures in range(1, 2000)]
    assert rests == sorted(rests)
    assert (rests[0], rests[-1]) == (timedelta(seconds=5), LONGEST_REST)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 120 ", 120),
        ("0", 0),
        ("999999", LONGEST_WISH.total_seconds()),
        *((odd, 0) for odd in ("", "-1", "1.5", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "١", "9" * 5000)),
    ],
)
def test_a_wish_is_heard_within_bounds(header: str, seconds: float) -> None:
    assert wish(header) == timedelta(seconds=seconds)
