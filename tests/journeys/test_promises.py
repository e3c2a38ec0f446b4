"""Four stories of pilots: what was promised, who stands behind it, and what follows if it works."""

import re
from collections.abc import Callable
from urllib.parse import quote

from playwright.sync_api import Locator, expect

from tests.journeys.background import ACCURACY, CHECKPOINTS, FIVE_GATES, HANDLING, Background, days_ago
from tests.journeys.seeing import PHONE, expect_flags, fault_free, field, tab, titled
from tests.journeys.walker import REF, Walker

Enter = Callable[..., Walker]

NO_ROADMAP = "It works; what comes next is open"
NO_OWNER = "Business owner to be named"
NO_BUSINESS_KPI = "Business KPI to be completed"
TECHNICAL_ONLY = "No business reading yet"
CLEAN_DATA = "Real data still to come"
MOCKED = "Live connection still to come"


def expect_found(walker: Walker, unit: str, flag: str, name: str) -> None:
    """The list, narrowed by hand to this flag, holds exactly this initiative of its unit."""
    walker.open(f"/initiatives/?unit={quote(unit)}")
    walker.page.get_by_label("Flag", exact=True).select_option(label=flag)
    expect(walker.page.get_by_text("1 initiative found", exact=True)).to_be_visible()
    expect(walker.page.get_by_role("row").get_by_role("link", name=name, exact=True)).to_be_visible()
    expect(walker.page).to_have_url(re.compile("flag="))


def expect_met(walker: Walker, met: int) -> None:
    expect(walker.page.locator("#header-score")).to_contain_text(f"{met} of 20 met")


# --- 1: It works. And then? -----------------------------------------------------------------------------------


def test_a_celebrated_pilot_is_asked_what_follows_if_it_works(
    as_person: Enter, background: Background, unit: str
) -> None:
    lead, executive = as_person("lena"), as_person("elsa")
    name = f"Offer writer for {unit}"

    # Under way for a month, and everybody likes it.
    lead.open("/initiatives/new/")
    lead.page.get_by_label("Name", exact=True).fill(name)
    lead.page.get_by_label("Business problem").fill("An offer takes four days, and buyers do not wait.")
    lead.page.get_by_label("Business unit").fill(unit)
    lead.page.get_by_text("It is under way already, or only its team may see it").click()
    field(lead, "Stage it is in").select_option(label="Pilot")
    lead.page.get_by_label("In this stage since").fill(days_ago(30))
    lead.press("Enter the initiative")
    expect(lead.page.get_by_role("heading", level=1)).to_have_text("Canvas")
    found = REF.search(lead.page.url)
    assert found is not None
    ref = found[1]

    # The canvas keeps what is typed without a button, and says what is still to settle.
    budget = lead.page.get_by_role("region", name="Budget", exact=True)
    budget.get_by_label("Planned").fill("90000")
    budget.get_by_label("Currency").fill("EUR")
    budget.get_by_label("Currency").blur()
    expect(budget.get_by_text(re.compile("^Saved "))).to_be_visible()
    lead.page.reload()
    expect(budget.get_by_label("Currency")).to_have_value("EUR")
    missing = lead.page.get_by_role("complementary", name="What is still missing")
    expect(missing.get_by_role("link", name="Success in numbers")).to_be_visible()
    expect(missing.get_by_role("link", name="Sponsor from the benefiting unit")).to_be_visible()
    fault_free(lead, "Canvas")

    # One number is entered, because it looks good. What it was before, and when to stop, nobody wrote down.
    lead.press("Enter the KPIs")
    lead.press("Add the first KPI")
    lead.page.get_by_label("Name", exact=True).fill("Days to an offer")
    field(lead, "Unit").fill("days")
    lead.page.get_by_label("Direction").select_option(label="Lower is better")
    lead.page.get_by_label("Go limit").fill("2")
    lead.press("Save")
    lead.press("Enter a reading")
    lead.page.get_by_label("Value, days").fill("1,5")
    lead.press("Enter")
    expect(lead.main.get_by_text("At the go limit or better").first).to_be_visible()

    # So it is seen and named: on its page, in the list, in the portfolio.
    expect_flags(lead, ref, NO_ROADMAP, NO_OWNER, NO_BUSINESS_KPI)
    flags = titled(lead, "Flags")
    said = "Days to an offer has reached its go limit; the roadmap to production still lacks"
    expect(flags.get_by_text(re.compile(f"^{said} dates, people"))).to_be_visible()
    for flag in (NO_ROADMAP, NO_OWNER, NO_BUSINESS_KPI):
        expect_found(executive, unit, flag, name)
    executive.open(f"/portfolio/?unit={quote(unit)}")
    row = executive.page.get_by_role("table", name="Stalled initiatives").get_by_role("row", name=name)
    expect(row.get_by_text(NO_ROADMAP)).to_be_visible()
    causes = titled(executive, "Root causes")
    for cause in ("No path to production", "Ownership", "Misaligned metrics"):
        expect(causes.get_by_role("link", name=cause)).to_be_visible()
    causes.get_by_role("link", name="Ownership").click()
    expect(executive.page.get_by_role("row").get_by_role("link", name=name, exact=True)).to_be_visible()

    # From the flag to the roadmap: the usual weeks stand there, people and money are added.
    lead.open(f"/initiatives/{ref}/")
    tab(lead, "Roadmap")
    expect(titled(lead, "What is missing")).to_be_visible()
    lead.page.get_by_label("Who is committed").fill("Two developers and the sales office, half their time.")
    lead.page.get_by_label("Money committed").fill("120000")
    lead.press("Save the roadmap")
    expect(titled(lead, "Complete")).to_be_visible()
    fault_free(lead, "Roadmap")
    expect_flags(lead, ref, NO_OWNER, NO_BUSINESS_KPI, without=(NO_ROADMAP,))
    executive.open(f"/portfolio/?unit={quote(unit)}")
    expect(executive.main.get_by_text(NO_ROADMAP)).to_have_count(0)

    # An owner is named on the canvas, and the number gets its beginning and its end.
    tab(lead, "Canvas")
    people = lead.page.get_by_role("region", name="People", exact=True)
    lead.find_person("Business owner", "els", "Elsa", people)
    expect(people.get_by_text(re.compile("^Saved "))).to_be_visible()
    tab(lead, "Promises")
    lead.press("Change")
    lead.page.get_by_label("Baseline").fill("4")
    lead.page.get_by_label("Stop limit").fill("3,5")
    lead.press("Save")
    expect(lead.page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect_flags(lead, ref, without=(NO_ROADMAP, NO_OWNER, NO_BUSINESS_KPI))
    assert not background.flags(ref) & {"success_without_roadmap", "no_business_owner", "no_business_kpi"}


# --- 2: Five ways to fail -------------------------------------------------------------------------------------


def test_the_five_ways_in_which_a_pilot_fails_are_named_one_by_one(
    as_person: Enter, background: Background, unit: str
) -> None:
    lead = as_person("lena")
    name = f"Voice desk of {unit}"
    ref = background.enter(
        name, "Callers wait eleven minutes.", unit, stage="pilot", stage_since=days_ago(40), plan={"pilot_days": 60}
    )  # fmt: skip
    recognition = background.kpi(ref, "Words understood", **ACCURACY)
    background.read(ref, recognition, "97")

    four = (TECHNICAL_ONLY, CLEAN_DATA, MOCKED, NO_OWNER)
    expect_flags(lead, ref, *four)
    flags = titled(lead, "Flags")
    expect(flags.get_by_text("Only technical KPIs have been read so far: Words understood.")).to_be_visible()
    expect(flags.get_by_text(re.compile(r"^DATA-4 \(.*\) is not Met"))).to_be_visible()
    expect(flags.get_by_text(re.compile(r"^INTG-1 \(.*\) is not Met"))).to_be_visible()

    # The fifth is about talking: the overlay is attached in one click, and stands beside the five gates.
    lead.press("Add this overlay")
    overlay = titled(lead, "Conversational AI overlay")
    expect(overlay.get_by_role("list", name="Conversational AI overlay")).to_contain_text("0 of 8 met")
    expect_met(lead, 0)
    overlay.get_by_role("link", name="Conversation in the wild").click()
    lead.press("Open the checklist")
    expect(lead.page.get_by_role("heading", level=2, name="Off-script dialogue")).to_be_visible()
    fault_free(lead, "Checklist: Conversation in the wild")
    lead.answer("CONV-2", "Not met")
    expect(
        lead.page.locator("#checklist-side").get_by_role(
            "link", name=re.compile("“Off-script dialogue” is critical")
        )
    ).to_be_visible()
    for code in background.codes(ref, "conversational-ai"):
        lead.add_link(code, f"https://wiki.example.com/{code}")
        lead.answer(code, "Met")
    expect(lead.page.locator("#checklist-strip")).to_contain_text("8 of 8")
    expect_met(lead, 0)  # a conversation that holds up is no point of the twenty

    # The other four, mended in turn: real data and a live connection among the twenty …
    for gate, code, flag, met in (("data", "DATA-4", CLEAN_DATA, 1), ("integration", "INTG-1", MOCKED, 2)):
        expect_flags(lead, ref, flag)
        lead.open(f"/initiatives/{ref}/checklist/{gate}/")
        lead.add_link(code, f"https://wiki.example.com/{code}")
        lead.answer(code, "Met")
        expect_met(lead, met)
        expect_flags(lead, ref, without=(flag,))
    # … a number that the business feels, and somebody who answers for it.
    background.read(ref, background.kpi(ref, "Handling time", **HANDLING), "33")
    background.done("PATCH", f"initiatives/{ref}/", {"people": {"business_owner": "elsa"}})
    expect_flags(lead, ref, without=four)


# --- 3: Twenty points and ten differences ---------------------------------------------------------------------


def answer_profile(walker: Walker, answers: list[str]) -> None:
    """Choose in each of the ten questions, in order, and save once."""
    questions = walker.main.get_by_role("group").filter(has=walker.page.get_by_role("radio"))
    expect(questions).to_have_count(len(answers))
    for position, answer in enumerate(answers):
        questions.nth(position).get_by_role("radio", name=re.compile(f"^{answer}", re.IGNORECASE)).check()
    walker.press("Save all")


def test_twenty_points_and_ten_differences_are_told_apart_on_a_phone(
    as_person: Enter, background: Background, unit: str
) -> None:
    lead = as_person("lena", width=PHONE, height=844)
    ref = lead.create(f"Parts finder of {unit}", "Fitters search nineteen minutes for a part.", unit)

    # The five gates and the ten differences stand on one overview, both still empty.
    lead.open(f"/initiatives/{ref}/")
    gates = lead.page.get_by_role("list", name="The gates to production")
    expect(gates.get_by_role("listitem")).to_have_count(5)
    expect(gates.get_by_text("0 of 4 met")).to_have_count(5)
    profile = titled(lead, "PoC-to-production gap")
    expect(profile.get_by_text("None of its 10 questions is answered yet.")).to_be_visible()
    expect_met(lead, 0)

    # Ten questions on one page, one press.
    profile.get_by_role("link", name="Fill it in").click()
    fault_free(lead, "PoC-to-production gap")
    ten = ["as in a PoC"] * 4 + ["on the way"] * 3 + ["as in production"] * 3
    answer_profile(lead, ten)
    expect(lead.page.get_by_text("Saved: PoC-to-production gap.")).to_be_visible()
    drawn = profile.get_by_role("figure")
    for dimension, where in (
        ("Data volume", "as in a PoC"),
        ("Integration", "on the way"),
        ("Cost model", "as in production"),
    ):
        expect(drawn.get_by_role("listitem").filter(has_text=dimension)).to_contain_text(
            re.compile(where, re.IGNORECASE)
        )
    expect_met(lead, 0)  # however far it is from a PoC
    fault_free(lead, "Overview")

    # All twenty are met by and by; the profile stays what it was.
    background.answer(ref, "five-gate", background.codes(ref, "five-gate"))
    lead.page.reload()
    expect_met(lead, 20)
    expect(gates.get_by_text("4 of 4 met")).to_have_count(5)
    expect(drawn.get_by_role("listitem").filter(has_text="Data volume")).to_contain_text(
        re.compile("as in a PoC", re.IGNORECASE)
    )
    profile.get_by_role("link", name="Fill it in").click()
    answer_profile(lead, ["as in a PoC"] * 10)
    expect(lead.page.get_by_text("Saved: PoC-to-production gap.")).to_be_visible()
    expect_met(lead, 20)


# --- 4: Six reasons -------------------------------------------------------------------------------------------

SIX_REASONS = {
    "CP0-1": "One-sentence problem",
    "CP0-7": "Data and permissions settled",
    "CP1-5": "Production considered in parallel",
    "CP1-6": "Risks reach the sponsor",
    "CP2-2": "The business asks for it",
    "CP2-5": "Plan for people",
}
"""An unclear problem, data, the needs of production, governance, buy-in and change, each as it is asked."""
PHASES = {
    "Decision": "decision",
    "Preparing production": "preparation",
    "Limited group": "limited_group",
    "Expansion": "expansion",
    "Everyone, old process in parallel": "full",
    "End of the old process": "old_process_ends",
}


def symptom(walker: Walker, title: str) -> Locator:
    return walker.page.get_by_role("region", name=title, exact=True)


def ask_nineteen(lead: Walker, background: Background, ref: str) -> None:
    """Nineteen questions at three points in time: what is wrong is said first, then put right."""
    asked = 0
    for checkpoint in CHECKPOINTS:
        codes = background.codes(ref, "poc-checkpoints", checkpoint)
        reasons = [code for code in codes if code in SIX_REASONS]
        lead.open(f"/initiatives/{ref}/checklist/{checkpoint}/")
        expect(lead.main.get_by_role("article")).to_have_count(len(codes))
        for code in reasons:
            expect(lead.card(code).get_by_role("heading", level=2)).to_have_text(SIX_REASONS[code])
            lead.answer(code, "Not met", save=True)
            expect(lead.page.locator(f"#{code}-counts")).to_contain_text("Not met")
        background.answer(ref, "poc-checkpoints", [code for code in codes if code not in reasons])
        for code in reasons:
            lead.open(f"/initiatives/{ref}/checklist/{checkpoint}/")
            lead.answer(code, "Met", save=True)
        background.pass_gate(ref, checkpoint)
        asked += len(codes)
    assert asked == 19


def test_six_reasons_are_asked_for_and_the_rollout_goes_phase_by_phase_without_javascript(
    as_person: Enter, background: Background, unit: str
) -> None:
    lead, executive = (as_person(who, javascript=False) for who in ("lena", "elsa"))
    for number in range(3):
        background.enter(
            f"Pilot {number} of {unit}", f"Nobody knows {number}.", unit,
            stage="pilot", stage_since=days_ago(30), technology=f"Technology {number}",
        )  # fmt: skip
    ref = lead.create(f"Claims reader of {unit}", "Claims wait six days.", unit)
    background.done("PATCH", f"initiatives/{ref}/", {"technology": "Document AI"})

    ask_nineteen(lead, background, ref)
    background.move(ref, "poc")
    background.move(ref, "pilot")

    # Four pilots, nothing live, and each on something else: seen over the portfolio of the unit.
    trapped = f"/portfolio/symptoms/?unit={quote(unit)}"
    executive.open(trapped)
    many, scattered = "Many pilots, none in production", "Every pilot on another technology"
    for title in (many, scattered):
        expect(symptom(executive, title).get_by_text("Seen here")).to_be_visible()
        expect(symptom(executive, title).get_by_text("What helps.")).to_be_visible()
    expect(symptom(executive, many)).to_contain_text("0 of 4 pilots")
    no_money = symptom(executive, "Money spent, no value measured")
    expect(no_money.get_by_text("Cannot tell yet", exact=True)).to_be_visible()

    # One of them gets a way: through the gates, and then phase by phase.
    background.answer(ref, "five-gate", background.codes(ref, "five-gate"))
    for gate in FIVE_GATES:
        background.pass_gate(ref, gate)
    lead.open(f"/initiatives/{ref}/roadmap/")
    lead.page.get_by_label("Who is committed").fill("Two developers and the claims desk.")
    lead.page.get_by_label("Money committed").fill("150000")
    lead.press("Save the roadmap")
    expect(titled(lead, "Complete")).to_be_visible()
    status, refused = background.lead.ask("POST", f"initiatives/{ref}/roadmap/phases/preparation/begin/", {})
    assert (status, refused["code"]) == (409, "phase_out_of_order")
    background.move(ref, "rollout")
    for label in PHASES:
        lead.open(f"/initiatives/{ref}/roadmap/")
        expect(titled(lead, "The phase it is in").get_by_text(f"Next: {label}")).to_be_visible()
        lead.press("Begin this phase")
        expect(lead.page.get_by_text(f"“{label}” has begun.")).to_be_visible()
        expect(titled(lead, "The phase it is in").locator("p").first).to_have_text(label)
    expect(lead.main.get_by_role("button", name="Begin this phase")).to_have_count(0)
    phases = background.lead.get(f"initiatives/{ref}/roadmap/")["phases"]
    assert [one["kind"] for one in phases if one["began_on"]] == [*PHASES.values()]

    # Live: the trap is open.
    lead.move(ref, "Live")
    expect(lead.page.get_by_text("Moved.", exact=True)).to_be_visible()
    executive.open(trapped)
    expect(symptom(executive, many).get_by_text("Not seen")).to_be_visible()
    expect(symptom(executive, scattered).get_by_text("Seen here")).to_be_visible()
