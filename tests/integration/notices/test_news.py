"""Who hears of what, and nobody else."""

from email import message_from_bytes, policy

import pytest

from gates.models import Condition, Initiative
from readiness.accounts.models import Organisation, User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.conditions import give_condition, keep_condition, reopen_condition
from readiness.actions.gates import ItemComment, Promise, decide_gate, submit_gate
from readiness.actions.handing_over import hand_over_everything
from readiness.actions.initiatives import edit_initiative
from readiness.actions.people import deactivate_person
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor, record
from readiness.notices.models import Notice
from readiness.notices.sending import NEWS_FOR, owe
from readiness.standing.sweeping import recompute_due
from tests.fixtures import answer_all, create, make_ready, pass_gate, person
from tests.integration.notices.post import addressees, forget, outbox, owed, posted
from tests.integration.standing.pictures import day


@pytest.fixture
def one(lena: User, omar: User, ravi: User) -> Initiative:
    """Lena leads it, Omar is a member; Ravi and Rosa review; everything so far has been told."""
    person("rosa", reviewer=True)
    people = {"members": ["lena", "omar"], "business_owner": "omar", "deputy": "omar"}
    initiative = create(lena, day(0), stage="pilot", people=people)
    answer_all(initiative, lena, at=day(0))
    forget(day(0))
    return initiative


def test_a_submission_goes_to_the_reviewers(one: Initiative, lena: User) -> None:
    submit_gate(one.pk, "data", "Please look.", Actor.person(lena), day(1))

    mails = posted(day(1))
    assert [address for address, _ in mails] == ["ravi@example.com", "rosa@example.com"]
    text = mails[0][1]
    assert text.startswith("Invoice triage: The gate “Data” was submitted and waits for a decision.\n")
    assert "Hello Ravi," in text
    assert f"/initiatives/{one.ref}/gates/data/" in text
    assert "By: Lena" in text
    assert "When: 6 Jan 2026, 12:00 UTC" in text


def test_a_checkpoint_is_called_one(one: Initiative, lena: User) -> None:
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    assert "The checkpoint “" in posted(day(1))[0][1]


def test_a_decision_goes_to_the_team(one: Initiative, lena: User, ravi: User) -> None:
    submit_gate(one.pk, "data", "", Actor.person(lena), day(1))
    forget(day(1))
    promise = Promise("Write the runbook.", "omar", day(30).date())
    by = Actor.person(ravi)
    remark = ItemComment("DATA-2", "Which peak?")
    decide_gate(
        one.pk, "data", "pass_with_conditions", "Good enough.", by, day(2), [promise], item_comments=[remark]
    )

    mails = posted(day(2))
    assert [address for address, _ in mails] == ["lena@example.com", "omar@example.com"]
    for said in (
        "was decided: pass with conditions",
        "Rationale: Good enough.",
        "DATA-2: Which peak?",
        "Condition: Write the runbook.",
    ):
        assert said in mails[0][1]


def test_a_decision_at_a_checkpoint_is_told_in_its_own_words(one: Initiative, lena: User, ravi: User) -> None:
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    forget(day(1))
    decide_gate(one.pk, "checkpoint-0", "return", "Not yet.", Actor.person(ravi), day(2))
    assert "was decided: rework." in dict(posted(day(2)))["omar@example.com"]


def test_who_owes_a_condition_hears_of_it_on_the_team_or_off_it(
    one: Initiative, lena: User, ravi: User
) -> None:
    person("nils", lead=True)
    submit_gate(one.pk, "data", "", Actor.person(lena), day(1))
    forget(day(1))
    promises = [
        Promise("Train the desk.", "nils", day(9).date()),
        Promise("Write the runbook.", "lena", day(30).date()),
    ]
    decide_gate(one.pk, "data", "pass_with_conditions", "Good enough.", Actor.person(ravi), day(2), promises)

    mails = dict(posted(day(2)))
    assert set(mails) == {"lena@example.com", "nils@example.com", "omar@example.com"}
    yours = "“%s” is a condition of the gate “Data”, and yours to keep. It is due on %s."
    assert yours % ("Train the desk.", "14 Jan 2026") in mails["nils@example.com"]
    assert yours % ("Write the runbook.", "4 Feb 2026") in mails["lena@example.com"]
    assert "Rationale: Good enough." not in mails["nils@example.com"]
    assert "yours to keep" not in mails["omar@example.com"]


def test_a_lapse_by_an_act_goes_to_the_team_but_not_to_whoever_caused_it(
    one: Initiative, lena: User, ravi: User
) -> None:
    pass_gate(one, "data", lena, ravi, day(1))
    forget(day(1))
    record_answers(one.pk, [AnswerChange("DATA-1", "partial")], Actor.person(lena), day(2))

    mails = posted(day(2))
    assert [address for address, _ in mails] == ["omar@example.com"]
    assert "Data has lapsed: it was passed and no longer holds." in mails[0][1]


def test_a_lapse_by_time_goes_to_all_of_the_team(one: Initiative, lena: User, ravi: User) -> None:
    pass_gate(one, "data", lena, ravi, day(1))
    forget(day(1))
    recompute_due(day(61))
    mails = dict(posted(day(61)))
    assert sorted(mails) == ["lena@example.com", "omar@example.com"]
    assert "Data has lapsed" in mails["lena@example.com"]
    assert "By:" not in mails["lena@example.com"]


def test_a_flag_goes_to_the_team_and_a_late_decision_to_the_reviewers(one: Initiative, lena: User) -> None:
    submit_gate(one.pk, "data", "", Actor.person(lena), day(1))
    forget(day(1))
    recompute_due(day(15))
    mails = dict(posted(day(15)))
    assert sorted(mails) == ["ravi@example.com", "rosa@example.com"]
    assert "Flag (warning): A decision is due." in mails["ravi@example.com"]

    recompute_due(day(22))
    mails = dict(posted(day(22)))
    assert sorted(mails) == ["lena@example.com", "omar@example.com"]
    assert "Flag (warning): Nothing recorded lately." in mails["lena@example.com"]


def test_a_flag_that_grows_graver_or_is_resolved_is_no_mail(one: Initiative, lena: User) -> None:
    # A long pilot, so that nothing else opens so soon.
    edit_initiative(one.pk, {"plan": {"pilot_days": 365}}, Actor.person(lena), day(1))
    submit_gate(one.pk, "data", "", Actor.person(lena), day(1))
    for number in (15, 22, 28):
        recompute_due(day(number))
    forget(day(28))
    recompute_due(day(29))
    changed = Event.objects.filter(initiative=one).latest("seq").data["standing"]
    assert {"code": "decision_overdue", "severity": "critical"} in changed["flags_changed"]
    assert posted(day(29)) == []


def test_an_answer_that_changes_nothing_else_is_no_mail(one: Initiative, lena: User) -> None:
    record_answers(one.pk, [AnswerChange("DATA-1", note="Measured.")], Actor.person(lena), day(1))
    edit_initiative(one.pk, {"name": "Another name"}, Actor.person(lena), day(1))
    record(COMMAND, "framework.loaded", {}, day(1))
    assert posted(day(1)) == []


def test_a_reviewer_on_the_team_hears_what_the_team_hears(one: Initiative, lena: User, ravi: User) -> None:
    edit_initiative(one.pk, {"people": {"members": ["lena", "ravi"]}}, Actor.person(lena), day(1))
    submit_gate(one.pk, "data", "", Actor.person(lena), day(1))
    assert addressees(day(1)) == ["rosa"]


def test_nobody_who_left_or_has_no_address_is_written_to(one: Initiative, lena: User, ravi: User) -> None:
    deactivate_person("rosa", COMMAND, day(1))
    person("ruth", reviewer=True)
    User.objects.filter(username="ruth").update(email="")
    submit_gate(one.pk, "data", "", Actor.person(lena), day(1))
    assert addressees(day(1)) == ["ravi"]

    deactivate_person("omar", COMMAND, day(2))
    decide_gate(one.pk, "data", "pass", "Good.", Actor.person(ravi), day(2))
    assert set(addressees(day(2))) == {"lena"}


def test_an_account_of_a_demo_that_has_ended_is_not_written_to(one: Initiative, lena: User) -> None:
    User.objects.filter(username="rosa").update(is_demo=True)
    submit_gate(one.pk, "data", "", Actor.person(lena), day(1))
    assert addressees(day(1)) == ["ravi"]

    Organisation.objects.update(demo=True)
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    assert addressees(day(1)) == ["ravi", "rosa"]


def test_who_left_after_it_happened_does_not_hear_of_it(one: Initiative, lena: User, ravi: User) -> None:
    submit_gate(one.pk, "data", "", Actor.person(lena), day(1))
    forget(day(1))
    decide_gate(one.pk, "data", "pass", "Good.", Actor.person(ravi), day(2))
    owe(day(2))
    assert set(owed()) == {"lena", "omar"}
    people = {"members": ["lena"], "business_owner": None, "deputy": None}
    edit_initiative(one.pk, {"people": people}, Actor.person(lena), day(2))

    assert "omar" not in addressees(day(2))
    dropped = Notice.objects.get(recipient__username="omar", event__verb="gate.decided")
    assert (dropped.sent_at, dropped.given_up_at) == (None, day(2))


def test_what_is_the_teams_alone_goes_to_the_team_and_to_reviewers(
    lena: User, omar: User, ravi: User, elsa: User, iris: User, ada: User
) -> None:
    """The executive, the auditor and the admin could see it; nobody writes to them about it."""
    secret = create(lena, day(0), stage="pilot", visibility="team", name="A secret merger")
    make_ready(secret, lena, ravi, day(0))
    submit_gate(secret.pk, "data", "", Actor.person(lena), day(1))
    record_answers(secret.pk, [AnswerChange("ARCH-3", "partial")], Actor.person(lena), day(1))
    recompute_due(day(20))
    assert set(addressees(day(1)) + addressees(day(20))) == {"lena", "ravi"}
    assert set(Notice.objects.values_list("recipient__username", flat=True)) == {"lena", "ravi"}
    for address, text in posted(day(60)):
        assert "secret" not in text or address.split("@")[0] in {"lena", "ravi"}


def test_a_mail_tells_nothing_of_other_initiatives(
    one: Initiative, lena: User, ravi: User, omar: User
) -> None:
    other = create(omar, day(0), stage="pilot", visibility="team", name="A secret merger")
    answer_all(other, omar, at=day(0))
    pass_gate(one, "data", lena, ravi, day(1))
    pass_gate(other, "data", omar, ravi, day(1))
    mails = posted(day(1))
    to_lena = [text for address, text in mails if address == "lena@example.com"]
    assert len(to_lena) == 1
    assert "secret" not in to_lena[0]
    told = {address.split("@")[0] for address, text in mails if "secret" in text}
    assert told == {"omar", "ravi", "rosa"}


def test_the_moment_is_told_where_the_organisation_is(one: Initiative, lena: User) -> None:
    Organisation.objects.update(time_zone="Asia/Kolkata")
    submit_gate(one.pk, "data", "", Actor.person(lena), day(1))
    assert "When: 6 Jan 2026, 17:30 IST" in posted(day(1))[0][1]


HARD_NAMES = {
    "a header": "Triage\r\nBcc: everyone@example.com\r\n\r\nHello",
    "a line": "Triage\nX-Evil: yes",
    "a line of Unicode": "Triage\u2028Bcc: everyone@example.com\u0085X: y",
    "markup": "<script>alert('x')</script> & more",
    "emoji and right to left": "🚦 جاهز \u202e",
    "long": "A" * 200,
}


@pytest.mark.parametrize("name", HARD_NAMES.values(), ids=HARD_NAMES)
def test_no_name_becomes_a_header(one: Initiative, lena: User, ravi: User, name: str) -> None:
    # Past the checks of the doors: what stands in the database already is not to be trusted either.
    Initiative.objects.filter(pk=one.pk).update(name=name)
    User.objects.filter(pk=lena.pk).update(name=name[:120])
    User.objects.filter(pk=ravi.pk).update(name=name[:120])
    submit_gate(one.pk, "data", "", Actor.person(lena), day(1))

    mails = {message.to[0]: message for message in outbox(day(1))}
    assert sorted(mails) == ["ravi@example.com", "rosa@example.com"]
    received = message_from_bytes(mails["ravi@example.com"].message().as_bytes(), policy=policy.default)
    subject = received["Subject"].strip()
    assert len(subject.splitlines()) == 1
    assert subject.startswith(" ".join(name.split())[:100])
    assert subject.endswith(": The gate “Data” was submitted and waits for a decision.")
    assert set(received.keys()) == {
        *("Content-Type", "MIME-Version", "Subject", "From", "To", "Date"),
        *("Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"),
    }
    assert mails["ravi@example.com"].recipients() == ["ravi@example.com"]
    assert name.strip() in mails["ravi@example.com"].body


def test_an_imported_history_is_no_news(lena: User, ravi: User) -> None:
    one = create(lena, day(0), stage="pilot")
    make_ready(one, lena, ravi, day(0))
    assert posted(day(1) + NEWS_FOR) == []
    assert Notice.objects.count() == 0


def test_who_a_condition_is_given_to_hears_of_it(one: Initiative, lena: User, ravi: User) -> None:
    nils, sam = person("nils", lead=True), person("sam", lead=True)
    promises = [Promise("Train the desk.", "nils", day(9).date())]
    submit_gate(one.pk, "data", "", Actor.person(lena), day(1))
    decide_gate(one.pk, "data", "pass_with_conditions", "Good enough.", Actor.person(ravi), day(2), promises)
    forget(day(2))
    condition = Condition.objects.get()
    give_condition(one.pk, condition.pk, "sam", Actor.person(nils), day(3))
    yours = "“Train the desk.”, a condition of “Data”, is yours to keep now. It is due on 14 Jan 2026."
    mails = dict(posted(day(3)))
    assert list(mails) == ["sam@example.com"]
    assert yours in mails["sam@example.com"]
    assert f"/initiatives/{one.ref}/gates/data/" in mails["sam@example.com"]

    hand_over_everything("sam", "nils", Actor.person(lena), day(4))
    mails = dict(posted(day(4)))
    assert list(mails) == ["nils@example.com"]
    assert yours in mails["nils@example.com"]
    assert sam.is_active


def test_who_owes_a_condition_and_who_leads_hear_that_it_was_opened_again(
    one: Initiative, lena: User, ravi: User
) -> None:
    nils = person("nils", lead=True)
    submit_gate(one.pk, "data", "", Actor.person(lena), day(1))
    promises = [Promise("Train the desk.", "nils", day(9).date())]
    decide_gate(one.pk, "data", "pass_with_conditions", "Good enough.", Actor.person(ravi), day(2), promises)
    condition = Condition.objects.get()
    keep_condition(one.pk, condition.pk, "Done.", Actor.person(nils), day(3))
    forget(day(3))
    reopen_condition(one.pk, condition.pk, "Nobody was there.", Actor.person(ravi), day(4))
    mails = dict(posted(day(4)))
    assert list(mails) == ["lena@example.com", "nils@example.com"]
    for text in mails.values():
        assert "“Train the desk.”, a condition of “Data”, was opened again. It is due on 14 Jan 2026." in text
        assert "Reason: Nobody was there." in text
