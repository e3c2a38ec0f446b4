"""A mapping from its YAML file. A mistake is told with its line, and all mistakes at once."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

from checklists.documents import Block, Document, DocumentRefused, Mistake, read_bytes
from checklists.said import said
from checklists.scoring import AnswerValue
from gates.stages import LADDER, Stage
from readiness.importing.dates import CONTRADICTIONS, SPELLINGS
from readiness.importing.mapping import (
    NOT_STATED,
    STAGE_FACT,
    AnswerRule,
    Columns,
    DateRule,
    DateRules,
    Duration,
    Fact,
    FieldRule,
    ItemRule,
    Mapping,
    StageRule,
    StatedBy,
    TagRule,
    UnknownColumn,
)
from readiness.importing.naming import ROLES
from readiness.importing.wording import Spellings, folded

SHIPPED = Path(__file__).parent / "mappings"
TEXT_FIELDS = ("name", "business_problem", "business_unit", "technology", "vendor")
WORD_FIELDS = {"approach": ("build", "buy", "partner")}
PLANNED_STAGES = (Stage.INTAKE, Stage.POC, Stage.PILOT, Stage.ROLLOUT)
STAGE_WORDS = tuple(stage.value for stage in LADDER)
ANSWER_WORDS = tuple(word.value for word in AnswerValue if word != AnswerValue.UNANSWERED)

NAME, HEADING, SPELLING, SENTENCE = 100, 400, 600, 500
PLAN_DAYS_MAX = 3650
TAGS_MAX = 20
_WORD = r"[a-z][a-z0-9_]*", said("lower-case letters, digits and underscores")
_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*", said("lower-case letters, digits and hyphens")
_CODE = r"[A-Z0-9]+(?:-[A-Z0-9]+)*", said("the code of an item, such as DATA-1")
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}", said("a day such as '2024-12-16', in quotes")


def shipped_names() -> list[str]:
    """The names of the mappings that come with the product."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def find(name_or_path: str) -> Path:
    """The file of a shipped mapping, by its name, or any file, by its path. It need not exist."""
    return SHIPPED / f"{name_or_path}.yaml" if name_or_path in shipped_names() else Path(name_or_path)


def given(name: str, text: str) -> tuple[bytes, str]:
    """The content and the name of a mapping that was chosen: one's own ``text``, or one that ships where it is ""."""
    if text:
        return text.encode(), name
    path = find(name)
    return path.read_bytes(), path.name


def load(path: Path, header: Sequence[str] | None = None) -> Mapping:
    """The mapping in a file. With a ``header``, the columns it names must be there, too. Raises DocumentRefused."""
    try:
        data = read_bytes(path)
    except OSError as error:
        told = said("the file cannot be read: {reason}", reason=str(error.strerror))
        raise DocumentRefused(str(path), [Mistake(1, told)]) from None
    return parse(data, path.name, header)


def parse(data: bytes, source: str, header: Sequence[str] | None = None) -> Mapping:
    """Like load, for content that is already at hand."""
    document = Document(data, source)
    mapping = _Reader(Columns(header) if header is not None else None).mapping(document.root)
    document.finish()
    return mapping


class _Reader:
    """Reads the sections. ``columns`` is None as long as no header is known."""

    def __init__(self, columns: Columns | None) -> None:
        self.columns = columns

    def mapping(self, root: Block) -> Mapping:
        facts = self.facts(root)
        dates = self.dates(root.block("dates"))
        source = root.block("source")
        found = Mapping(
            name=root.fitting("mapping", NAME, *_SLUG),
            title=root.text("title", NAME * 2, required=False),
            as_of=_day(root, "as_of"),
            key=self.key(root),
            plan=_plan(root.block("plan")),
            stage=self.stage(root),
            fields=self.fields(root),
            required=_required(root),
            tags=self.tags(root),
            people=self.people(root.block("people")),
            empty_words=frozenset(folded(word) for word in root.texts("empty_words", NAME)),
            dates=dates,
            durations=_durations(root, dates),
            framework=root.fitting("framework", NAME, *_SLUG, required=bool(facts)),
            stated_by=self.stated_by(root, bool(facts)),
            facts=facts,
            answers=_answers(root, facts),
            encoding=(source.text("encoding", NAME, required=False) or None) if source else None,
            sheet=(source.text("sheet", NAME, required=False) or None) if source else None,
            header_row=(source.number("header_row", 1, 1000) or 1) if source else 1,
        )
        if source:
            source.done()
        root.done()
        return found

    def column(self, block: Block, key: str = "column") -> str:
        """The column that ``key`` names; a mistake where the header is known and does not have it."""
        name = block.text(key, HEADING)
        if name:
            self._check(block, key, name)
        return name

    def _check(self, block: Block, key: str, name: str) -> None:
        if self.columns is None:
            return
        try:
            self.columns.index(name)
        except UnknownColumn as unknown:
            block.wrong(key, unknown.sentence)

    def key(self, root: Block) -> tuple[str, ...]:
        names = root.texts("key", HEADING)
        if not names:
            root.wrong("key", said("'key' must list the columns by which a row is known again"))
        for name in names:
            self._check(root, "key", name)
        return names

    def stage(self, root: Block) -> StageRule:
        block = root.block("stage")
        if block is None:
            root.wrong("stage", said("'{key}' is missing", key="stage"))
            return StageRule("", Spellings())
        rule = StageRule(self.column(block), _spellings(block, STAGE_WORDS))
        block.done()
        return rule

    def fields(self, root: Block) -> dict[str, FieldRule]:
        block = root.block("fields")
        rules: dict[str, FieldRule] = {}
        for name in (*TEXT_FIELDS, *WORD_FIELDS):
            inner = block.block(name) if block is not None else None
            if inner is None:
                continue
            spellings = _spellings(inner, WORD_FIELDS[name]) if name in WORD_FIELDS else None
            default = NOT_STATED if name == "business_problem" else ""
            when_empty = inner.text("when_empty", SENTENCE, required=False) or default
            rules[name] = FieldRule(self.column(inner), spellings, when_empty)
            inner.done()
        if block is not None:
            block.done()
        if "name" not in rules:
            root.wrong("fields", said("'fields' must say which column holds the name"))
        return rules

    def tags(self, root: Block) -> tuple[TagRule, ...]:
        blocks = root.blocks("tags", required=False)
        if len(blocks) > TAGS_MAX:
            root.wrong("tags", said("at most {most} columns become tags", most=str(TAGS_MAX)))
        rules = []
        for block in blocks:
            with_table = "values" in block
            rules.append(TagRule(self.column(block), _spellings(block, None) if with_table else None))
            block.done()
        return tuple(rules)

    def people(self, block: Block | None) -> dict[str, str]:
        found: dict[str, str] = {}
        if block is None:
            return found
        for role in ROLES:
            inner = block.block(role)
            if inner is not None:
                found[role] = self.column(inner)
                inner.done()
        block.done()
        return found

    def dates(self, block: Block | None) -> DateRules:
        if block is None:
            return DateRules()
        spellings = block.texts("spellings", NAME)
        for name in spellings:
            if name not in SPELLINGS:
                block.wrong("spellings", _none_of(name, "; ".join(SPELLINGS)))
        for one, other in CONTRADICTIONS:
            if one in spellings and other in spellings:
                told = said(
                    "{one} and {other} contradict each other: allow one of them",
                    one=repr(one),
                    other=repr(other),
                )
                block.wrong("spellings", told)
        not_before = _day(block, "not_before") if "not_before" in block else DateRules().not_before
        rules = DateRules(
            tuple(SPELLINGS[name] for name in spellings if name in SPELLINGS),
            "remarks" in block and block.flag("remarks"),
            not_before,
            tuple(self.date(inner) for inner in block.blocks("columns")),
        )
        names = [rule.name for rule in rules.columns]
        if len(set(names)) < len(names):
            block.wrong("columns", said("two of the columns have the same name"))
        ranks = [LADDER.index(rule.enters) for rule in rules.columns]
        if any(later < earlier for earlier, later in pairwise(ranks)):
            block.wrong(
                "columns", said("the stages entered must stand in the order in which they follow each other")
            )
        block.done()
        return rules

    def date(self, block: Block) -> DateRule:
        name = block.fitting("name", NAME, *_WORD)
        enters = _stage(block, "enters")
        instead: dict[Stage, Stage] = {}
        inner = block.block("instead")
        for word in inner.names() if inner is not None else ():
            if inner is not None and word in STAGE_WORDS:
                instead[Stage(word)] = _stage(inner, word)
        if inner is not None:
            inner.done()
        rule = DateRule(name, self.column(block), enters, instead)
        block.done()
        return rule

    def fact(self, block: Block) -> Fact:
        name = block.fitting("name", NAME, *_WORD)
        if name == STAGE_FACT:
            block.wrong(
                "name", said("{name} is what every row has; call this fact otherwise", name=repr(name))
            )
        fact = Fact(name, self.column(block), block.text("says", SENTENCE), _spellings(block, None))
        block.done()
        return fact

    def facts(self, root: Block) -> dict[str, Fact]:
        facts: dict[str, Fact] = {}
        for block in root.blocks("facts", required=False):
            fact = self.fact(block)
            if fact.name in facts:
                block.wrong("name", said("two facts are called {name}", name=repr(fact.name)))
            facts[fact.name] = fact
        return facts

    def stated_by(self, root: Block, needed: bool) -> StatedBy | None:
        block = root.block("stated_by")
        if block is None:
            if needed:
                root.wrong("stated_by", said("'stated_by' must say who states what the facts say"))
            return None
        rule = StatedBy(self.column(block), block.text("suffix", NAME, required=False))
        block.done()
        return rule


def _spellings(block: Block, words: Sequence[str] | None) -> Spellings:
    """The table ``values`` (spelling: word) and the list ``says_nothing``. ``words`` None: any plain word will do."""
    pairs: list[tuple[str, str | None]] = []
    table = block.block("values")
    if table is None:
        block.wrong("values", said("'values' must say how each text is read"))
        return Spellings()
    for spelling in table.names():
        if len(spelling) > SPELLING:
            told = said("a spelling of more than {most} characters; end it early with *", most=str(SPELLING))
            table.wrong(spelling, told)
        word = table.word(spelling, words) if words is not None else table.text(spelling, NAME)
        pairs.append((spelling, word or None))
    table.done()
    nothing = block.texts("says_nothing", SPELLING)
    folds = [folded(spelling) for spelling in (*table.names(), *nothing)]
    for twice in sorted({fold for fold in folds if folds.count(fold) > 1}):
        told = said(
            "{text} is read in two ways: spellings differ by more than case and spaces", text=repr(twice)
        )
        block.wrong("values", told)
    return Spellings.of([*pairs, *((spelling, None) for spelling in nothing)])


def _none_of(word: str, known: str) -> str:
    return said("{word} is none of {known}", word=repr(word), known=known)


def _stage(block: Block, key: str) -> Stage:
    return Stage(block.word(key, STAGE_WORDS) or Stage.INTAKE.value)


def _day(block: Block, key: str) -> date:
    text = block.fitting(key, NAME, *_DAY)
    try:
        return date.fromisoformat(text) if text else date.min
    except ValueError:
        block.wrong(key, said("there is no day {day}", day=text))
        return date.min


def _plan(block: Block | None) -> dict[Stage, int]:
    plan: dict[Stage, int] = {}
    if block is None:
        return plan
    for stage in PLANNED_STAGES:
        days = block.number(stage.value, 1, PLAN_DAYS_MAX)
        if days is not None:
            plan[stage] = days
    block.done()
    return plan


def _required(root: Block) -> frozenset[str]:
    allowed = (*TEXT_FIELDS, *WORD_FIELDS, "stage")
    named = root.texts("required", NAME)
    for word in named:
        if word not in allowed:
            root.wrong("required", _none_of(word, ", ".join(allowed)))
    return frozenset(named) | {"name", "stage"}


def _durations(root: Block, dates: DateRules) -> tuple[Duration, ...]:
    names = [rule.name for rule in dates.columns]
    durations = []
    for block in root.blocks("durations", required=False):
        durations.append(
            Duration(block.text("name", NAME), block.word("from", names), block.word("to", names))
        )
        block.done()
    return tuple(durations)


def _answers(root: Block, facts: dict[str, Fact]) -> tuple[ItemRule, ...]:
    rules: list[ItemRule] = []
    for block in root.blocks("answers", required=False):
        item = block.fitting("item", NAME, *_CODE)
        if item and item in [rule.item for rule in rules]:
            block.wrong("item", said("{item} is answered twice", item=item))
        evidence = block.texts("evidence", NAME)
        for name in evidence:
            if name not in facts:
                block.wrong("evidence", said("{name} is none of the facts", name=repr(name)))
        rules.append(
            ItemRule(item, evidence, tuple(_answer(inner, facts) for inner in block.blocks("rules")))
        )
        block.done()
    return tuple(rules)


def _answer(block: Block, facts: dict[str, Fact]) -> AnswerRule:
    answer = AnswerValue(block.word("answer", ANSWER_WORDS) or AnswerValue.NOT_MET.value)
    when: dict[str, frozenset[str]] = {}
    table = block.block("when")
    if table is None:
        block.wrong("when", said("'when' must say of which facts this answer follows"))
    for name in table.names() if table is not None else ():
        if table is None or name not in (*facts, STAGE_FACT):
            continue
        words = table.texts(name, NAME)
        known = frozenset(STAGE_WORDS) if name == STAGE_FACT else facts[name].spellings.words()
        for word in words:
            if word not in known:
                told = said(
                    "{word} is no word of the fact {fact}: {known}",
                    word=repr(word), fact=name, known=", ".join(sorted(known)),
                )  # fmt: skip
                table.wrong(name, told)
        when[name] = frozenset(words)
    if table is not None:
        table.done()
    rule = AnswerRule(answer, when, block.text("note", SENTENCE * 2, required=False))
    block.done()
    return rule
