"""The fifth story: checkpoints, criteria agreed before the start, the stop, and what the next ones learn from it."""

import re
import uuid
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.journeys.background import ACCURACY, HANDLING, Background, days_ago
from tests.journeys.seeing import expect_flags, fault_free, field, titled
from tests.journeys.walker import Walker

Enter = Callable[..., Walker]


def agree_on(lead: Walker, ref: str, fields: dict[str, str], choices: dict[str, str]) -> None:
    """Agree on an exit criterion on its form."""
    lead.open(f"/initiatives/{ref}/promises/exits/new/")
    for label, option in choices.items():
        field(lead, label).select_option(label=option)
    for label, typed in fields.items():
        field(lead, label).fill(typed)
    lead.press("Save")
    expect(lead.page.get_by_text("The exit criterion is agreed.")).to_be_visible()


def decide_exit(walker: Walker, ref: str, decision: str) -> None:
    """From the overview's next step to what was agreed, and the choice on it."""
    walker.open(f"/initiatives/{ref}/")
    walker.main.get_by_role("link", name="Decide", exact=True).first.click()
    expect(walker.page.get_by_role("region", name="Exit criteria")).to_contain_text(
        "An exit criterion was reached"
    )
    walker.press("Decide", walker.page.get_by_role("region", name="Exit criteria"))
    walker.main.get_by_role("radio", name=re.compile(f"^{decision}")).check()


def exits_of(walker: Walker, ref: str) -> Locator:
    """The exit criteria as the promises show them."""
    walker.open(f"/initiatives/{ref}/promises/")
    return walker.page.get_by_role("region", name="Exit criteria")


def prepared(background: Background, name: str, problem: str) -> str:
    """An idea with everything that is known before the PoC; its reference."""
    ref = background.enter(
        name, problem, "Finance",
        people={"business_owner": "elsa", "executive_sponsor": "elsa"},
        plan={"poc_days": 28, "pilot_days": 90, "decision_on": days_ago(-40)},
        budget={"planned": "60000", "currency": "EUR", "estimate_build": "200000", "estimate_run": "50000"},
    )  # fmt: skip
    background.kpi(ref, "Handling time", **HANDLING)
    background.kpi(ref, "Accuracy", **ACCURACY, due="end_of_poc", go_limit="90", stop_limit="80")
    return ref


def answer_rest(background: Background, ref: str, checkpoint: str) -> None:
    """What is not Met yet at this checkpoint, or was proposed as Partial, is put right."""
    items = background.lead.get(f"initiatives/{ref}/checklist/?framework=poc-checkpoints")["items"]
    open_ones = [item["code"] for item in items if item["gate"] == checkpoint and item["answer"] != "met"]
    background.answer(ref, "poc-checkpoints", open_ones)


def pass_checkpoint_0(background: Background, lead: Walker, reviewer: Walker, ref: str) -> None:
    """What is known proposes answers, a person takes them; with the decision the promises are locked."""
    lead.open(f"/initiatives/{ref}/canvas/")
    lead.press("Take what is proposed")
    expect(lead.page.get_by_role("button", name="Take what is proposed")).to_have_count(0)
    complete = lead.page.get_by_role("complementary", name="What is still missing")
    expect(complete.get_by_role("link", name="Success in numbers")).to_be_visible()
    answer_rest(background, ref, "checkpoint-0")
    lead.submit(ref, "checkpoint-0", "The numbers are agreed with the owner.")
    reviewer.decide(ref, "checkpoint-0", "Go", "It can be decided by numbers.")
    lead.open(f"/initiatives/{ref}/promises/")
    expect(lead.main.get_by_role("article")).to_have_count(3)
    expect(
        lead.main.get_by_role("article").filter(has_text=re.compile(r"Locked\s*\(What was"))
    ).to_have_count(3)
    lead.move(ref, "PoC")
    expect(lead.page.get_by_text("Moved.", exact=True)).to_be_visible()


def test_a_poc_is_stopped_on_what_was_agreed_and_the_next_one_learns_from_it(
    as_person: Enter, background: Background
) -> None:
    lead, reviewer, executive = as_person("lena"), as_person("ravi"), as_person("elsa")
    word = f"zeppelin{uuid.uuid4().hex[:8]}"
    name = f"Reading {word} forms"
    ref = prepared(background, name, f"Handwritten {word} forms wait eight days.")

    # Before the start: what would make us end it, and who says so.
    agree_on(
        lead, ref, {"Limit": "80", "Who decides": "elsa"},
        {"KPI": "Accuracy", "Comparison": "falls under", "Or at a checkpoint": "Decision after the PoC",
         "What is done then": "Stop it"},
    )  # fmt: skip
    fault_free(lead, "Promises")
    pass_checkpoint_0(background, lead, reviewer, ref)
    background.weeks_pass(ref)

    # Midway it looks fair enough; at its end it is not good enough, and that is a number.
    background.answer(ref, "poc-checkpoints", background.codes(ref, "poc-checkpoints", "checkpoint-1"))
    background.pass_gate(ref, "checkpoint-1")
    lead.open(f"/initiatives/{ref}/promises/")
    lead.main.get_by_role("article", name="Accuracy", exact=True).get_by_role(
        "link", name="Enter a reading"
    ).click()
    lead.page.get_by_label("Value, %").fill("74")
    lead.press("Enter")
    expect(lead.main.get_by_text("At the stop limit or beyond").first).to_be_visible()
    assert "exit_triggered" not in background.flags(ref)  # it is agreed for the end of the PoC
    lead.submit(ref, "checkpoint-2", "It falls short.")
    lead.open(f"/initiatives/{ref}/")
    expect(lead.main).to_contain_text("Accuracy under 80 %")
    expect(lead.main).to_contain_text("a decision by Elsa is due")
    expect(titled(lead, "Flags").get_by_role("heading", name="An agreed limit was reached")).to_be_visible()

    # The one who was named decides, and says what the next ones should know.
    decide_exit(executive, ref, "Stop")
    fault_free(executive, "Decide an exit criterion")
    executive.page.get_by_label("What was tried").fill(f"Reading {word} forms with one model.")
    executive.page.get_by_label("What did not work").fill("74 % of the fields were right; 80 % were agreed.")
    executive.page.get_by_label("Confirmed root cause").select_option(label="Data quality")
    executive.page.get_by_label("Advice to the next ones").fill("Collect a thousand real forms first.")
    executive.press("Record the decision")
    expect(executive.page.get_by_text("Decided: stop it.")).to_be_visible()
    lead.open(f"/initiatives/{ref}/")
    expect(titled(lead, "The lesson").get_by_text("Stopped on agreed criteria")).to_be_visible()
    assert background.flags(ref) == set()

    # The library holds it, and whoever begins something like it is told at once.
    lead.open("/lessons/")
    lead.main.get_by_role("searchbox").fill(word)
    expect(lead.page.get_by_text("1 initiative found", exact=True)).to_be_visible()
    lesson = lead.main.get_by_role("article").filter(has_text=name)
    expect(lesson.get_by_text("Stopped on agreed criteria")).to_be_visible()
    expect(lesson.get_by_text("Collect a thousand real forms first.")).to_be_visible()
    fault_free(lead, "Lessons")
    lead.open("/initiatives/new/")
    lead.page.get_by_label("Name", exact=True).fill(f"Sorting {word} forms")
    lead.page.get_by_label("Business problem").fill(f"Handwritten {word} forms lie about unsorted.")
    told = lead.page.get_by_role("complementary", name="What there was before")
    learned = told.locator("section.card").filter(has_text="What others learned")
    expect(learned.get_by_role("link", name=name)).to_be_visible()
    expect(learned.get_by_text("Collect a thousand real forms first.")).to_be_visible()
    learned.get_by_role("link", name=name).click()
    expect(lead.page.locator(".initiative-header__of")).to_have_text(name)


def test_weekly_use_under_its_limit_for_four_weeks_demands_a_decision(
    as_person: Enter, background: Background, unit: str
) -> None:
    lead, executive = as_person("lena"), as_person("elsa")
    name = f"Shift planner of {unit}"
    ref = background.enter(name, "Plans change by phone.", unit, stage="pilot", stage_since=days_ago(60))
    usage = background.kpi(
        ref, "Weekly use", unit="%", direction="up", kind="business", signal="weekly_active_share"
    )
    agree_on(
        lead, ref, {"Limit": "30", "For so many days": "28", "Who decides": "elsa"},
        {"KPI": "Weekly use", "Comparison": "falls under", "What is done then": "Rework it"},
    )  # fmt: skip
    background.weeks_pass(ref)

    # The readings of the past weeks come out of a file; one bad line and nothing is taken.
    weeks = [
        f"{days_ago(7 * week)};{value}" for week, value in ((4, 27), (3, 29), (2, "26,5"), (1, 22), (0, 18))
    ]
    for lines, said in (([*weeks, "yesterday;many"], "Lines that are wrong"), (weeks, "5 readings")):
        lead.open(f"/initiatives/{ref}/promises/kpis/{usage}/")
        content = "\n".join(["date;value", *lines]).encode()
        lead.page.get_by_label("CSV file").set_input_files(
            {"name": "weekly.csv", "mimeType": "text/csv", "buffer": content}
        )
        lead.press("Take it over")
        expect(lead.page.get_by_text(said).first).to_be_visible()
    expect(
        lead.page.get_by_role("table", name="Readings, the newest first").get_by_role("row")
    ).to_have_count(6)
    lead.open(f"/initiatives/{ref}/")
    expect(lead.main).to_contain_text("Weekly use under 30 % for 4 weeks")
    assert background.lead.get(f"initiatives/{ref}/readiness/")["blockers"][0]["code"] == "exit_undecided"

    # To send it round again takes a reason, and then begins afresh.
    decide_exit(executive, ref, "Rework")
    executive.press("Record the decision")
    expect(executive.main.get_by_role("alert").first).to_be_visible()
    field(executive, "Reason").fill("The planner opens on the phone from Monday.")
    executive.press("Record the decision")
    expect(executive.page.get_by_text("Decided: rework it.")).to_be_visible()
    agreed = exits_of(executive, ref)
    expect(agreed.get_by_text("The planner opens on the phone from Monday.")).to_be_visible()
    expect_flags(lead, ref, without=("An agreed limit was reached",))
