"""What components say, beyond how they look."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from readiness.ui.templatetags.fields import described_by

NASTY = '<script>alert("x")</script>'


def rendered(source: str, path: str = "/", **context: Any) -> str:
    """A snippet with all our tags, rendered for a request of `path`."""
    request = RequestFactory().get(path)
    return Template("{% load ui fields charts %}" + source).render(Context({"request": request, **context}))


@pytest.mark.parametrize(
    "source",
    [
        "{% badge nasty hint=nasty href=nasty %}",
        "{% button nasty href=nasty title=nasty %}",
        "{% button nasty icon_only=True icon='plus' name=nasty value=nasty %}",
        "{% icon 'check' label=nasty %}{% copy nasty label=nasty %}",
        "{% avatar nasty show_name=True hint=nasty %}{% avatar nasty %}",
        "{% page_header nasty nasty eyebrow=nasty crumbs=links %}{{ nasty }}{% endpage_header %}",
        "{% card nasty nasty href=nasty id=nasty data_x=nasty %}{{ nasty }}{% endcard %}",
        "{% alert nasty %}{{ nasty }}{% endalert %}",
        "{% empty_state nasty nasty %}{{ nasty }}{% endempty_state %}",
        "{% disclosure nasty %}{{ nasty }}{% enddisclosure %}",
        "{% menu nasty %}{{ nasty }}{% endmenu %}",
        "{% quote source=nasty href=nasty %}{{ nasty }}{% endquote %}",
        "{% confirm nasty submit=nasty cancel=nasty action=nasty %}{{ nasty }}{% endconfirm %}",
        "{% stat nasty nasty unit=nasty hint=nasty delta=nasty href=nasty %}",
        "{% progress 1 2 label=nasty display=nasty note=nasty %}{% ring 1 2 label=nasty hint=nasty %}",
        "{% track steps nasty %}{% tally marks nasty %}{% timeline entries nasty %}{% tabs links nasty %}",
        "{% table nasty %}<tr><td>{{ nasty }}</td></tr>{% endtable %}{% sort_header nasty nasty %}",
        "{% key_values %}{% kv nasty %}{{ nasty }}{% endkv %}{% endkey_values %}{% toast nasty %}",
        "{% pager nasty nasty nasty nasty nasty %}{% nav_link nasty nasty %}{% when nasty %}",
        "{% filter_bar placeholder=nasty %}{% filter_choice nasty nasty choices %}{% endfilter_bar %}",
        "{% radio_cards nasty options legend=nasty value=nasty %}",
        "{% chart_bar_list bars nasty unit=nasty %}{% chart_donut bars nasty nasty nasty %}",
        "{% chart_stacked_bar bars nasty %}{% chart_funnel funnel nasty %}",
        "{% chart_heat_map columns rows nasty nasty %}{% chart_sparkline points nasty %}",
        "{% chart_histogram bins nasty what=nasty x_label=nasty limit=1 limit_label=nasty %}",
        "{% chart_line lines nasty unit=nasty limit=1 limit_label=nasty %}",
    ],
)
def test_what_people_type_is_text_and_never_markup(source: str) -> None:
    html = rendered(
        source,
        path="/?q=" + NASTY,
        nasty=NASTY,
        links=[{"label": NASTY, "href": NASTY}],
        steps=[{"name": NASTY, "status": NASTY, "sublabel": NASTY, "href": NASTY}],
        marks=[{"label": NASTY, "href": NASTY}],
        entries=[{"title": NASTY, "when": NASTY, "who": NASTY, "body": NASTY, "href": NASTY}],
        choices=[(NASTY, NASTY)],
        options=[{"value": NASTY, "label": NASTY, "hint": NASTY}],
        bars=[{"label": NASTY, "value": 1, "href": NASTY, "display": NASTY}],
        funnel=[{"label": NASTY, "value": 1, "href": NASTY, "note": NASTY, "rate": NASTY}],
        columns=[{"label": NASTY, "short": NASTY, "href": NASTY}],
        rows=[{"label": NASTY, "hint": NASTY, "href": NASTY, "cells": [{"label": NASTY, "href": NASTY}]}],
        points=[1, 2],
        bins=[{"low": 0, "high": 2, "count": 1, "href": NASTY}],
        lines=[{"name": NASTY, "points": [(date(2026, 1, 1), 1)]}] * 2,
    )
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert 'alert("x")' not in html


def test_a_column_sorts_up_then_down_and_starts_again_at_the_first_page() -> None:
    plain = rendered('{% sort_header "Name" "name" %}', path="/?q=a&page=3")
    up = rendered('{% sort_header "Name" "name" %}', path="/?q=a&sort=name")
    down = rendered('{% sort_header "Name" "name" %}', path="/?q=a&sort=-name")
    assert "aria-sort" not in plain
    assert 'href="?q=a&amp;sort=name"' in plain
    assert 'aria-sort="ascending"' in up
    assert 'href="?q=a&amp;sort=-name"' in up
    assert 'aria-sort="descending"' in down
    assert 'href="?q=a&amp;sort=name"' in down


def test_a_page_knows_its_neighbours_and_keeps_the_rest_of_the_address() -> None:
    html = rendered("{% pagination page %}", path="/?q=a&page=2", page=Paginator(range(1250), 500).page(2))
    assert "501–1,000 of 1,250" in html
    assert re.findall(r'href="([^"]+)"[^>]*rel="(\w+)"', html) == [
        ("?q=a&amp;page=1", "prev"),
        ("?q=a&amp;page=3", "next"),
    ]


def test_the_first_page_has_no_page_before_it() -> None:
    html = rendered("{% pagination page %}", page=Paginator(range(30), 20).page(1))
    assert 'rel="prev"' not in html
    assert 'rel="next"' in html


@pytest.mark.parametrize(
    ("path", "current"), [("/ships/", True), ("/ships/7/", True), ("/", False), ("/ports/", False)]
)
def test_the_navigation_says_where_one_is(path: str, current: bool) -> None:
    assert ("aria-current" in rendered('{% nav_link "Ships" "/ships/" %}', path=path)) is current


def test_home_is_current_only_at_home() -> None:
    assert "aria-current" in rendered('{% nav_link "Home" "/" %}', path="/")
    assert "aria-current" not in rendered('{% nav_link "Home" "/" %}', path="/ships/")


def test_a_disabled_link_is_a_disabled_button() -> None:
    html = rendered('{% button "Next" href="/x/" disabled=True %}')
    assert "<a" not in html
    assert "disabled" in html


def test_an_icon_speaks_only_when_it_has_something_to_say() -> None:
    assert 'aria-hidden="true"' in rendered('{% icon "check" %}')
    spoken = rendered('{% icon "check" label="Done" %}')
    assert 'role="img" aria-label="Done"' in spoken
    assert "aria-hidden" not in spoken


@pytest.mark.parametrize(
    "source", ['{% badge "x" "purple" %}', '{% icon "unicorn" %}', '{% button "x" icon="unicorn" %}']
)
def test_a_misspelt_tone_or_icon_is_an_error(source: str) -> None:
    with pytest.raises(ValueError, match="purple|unicorn"):
        rendered(source)


def test_a_day_is_written_out_and_a_moment_in_the_zone_of_the_reader() -> None:
    moment = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert rendered("{% when day %}", day=date(2026, 3, 1)) == '<time datetime="2026-03-01">1 Mar 2026</time>'
    with timezone.override("Asia/Tokyo"):
        assert ">21 Nov 2026, 08:30<" in rendered("{% when moment time=True %}", moment=moment)
    assert rendered("{% when nothing %}", nothing=None) == "–"


def test_a_progress_bar_never_leaves_its_rail() -> None:
    assert 'width="100.0"' in rendered("{% progress 30 20 %}")
    assert 'width="0"' in rendered("{% progress 3 0 %}")


@pytest.mark.parametrize("language", ["en", "de"])
def test_drawings_have_points_in_their_numbers_in_every_language(language: str) -> None:
    drawings = '{% progress 1 3 limit=2 %}{% chart_bar_list bars "x" %}'
    source = "{% load i18n %}{% language lang %}" + drawings + "{% endlanguage %}"
    html = rendered(source, lang=language, bars=[{"label": "a", "value": 3}, {"label": "b", "value": 1}])
    assert re.findall(r'width="([\d.,]+)"', html) == ["33.33", "100.0", "33.33"]


def test_a_question_before_something_that_matters_is_a_post_with_a_way_back() -> None:
    html = rendered('{% confirm "Sure?" submit="Yes" cancel="/back/" %}{% endconfirm %}', csrf_token="abc")
    assert 'method="post"' in html
    assert 'name="csrfmiddlewaretoken" value="abc"' in html
    assert 'href="/back/"' in html


class ShipForm(forms.Form):
    name = forms.CharField(help_text="As on the <em>hull</em>.")
    crew = forms.IntegerField(required=False)
    flag = forms.ChoiceField(choices=[("dk", "Denmark")], widget=forms.RadioSelect)
    code = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        raise forms.ValidationError("No ship sails today.")


def test_a_field_ties_its_label_help_and_errors_to_its_widget() -> None:
    html = rendered("{% field form.name %}", form=ShipForm({}))
    assert 'for="id_name"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_helptext">As on the <em>hull</em>.<' in html
    assert 'id="id_name_error"' in html


def test_a_field_without_help_and_errors_describes_nothing() -> None:
    form = ShipForm()
    assert described_by(form["crew"], "") == ""
    assert "aria-describedby" not in rendered("{% field form.crew %}", form=form)


def test_help_that_a_page_passes_is_escaped() -> None:
    assert "&lt;b&gt;" in rendered("{% field form.name help=words %}", form=ShipForm(), words="<b>")


def test_what_may_be_left_empty_says_so() -> None:
    assert "Optional" in rendered("{% field form.crew %}", form=ShipForm())
    assert "Optional" not in rendered("{% field form.name %}", form=ShipForm())


def test_a_hidden_field_shows_nothing_but_its_widget() -> None:
    assert (
        rendered("{% field form.code %}", form=ShipForm()).strip()
        == '<input type="hidden" name="code" id="id_code">'
    )


def test_a_group_of_options_is_a_fieldset_with_a_legend() -> None:
    html = rendered("{% field form.flag %}", form=ShipForm({}))
    assert '<fieldset class="field" id="id_flag_group" aria-describedby="id_flag_error">' in html
    assert "<legend" in html


def test_the_summary_counts_the_mistakes_and_leads_to_each_field() -> None:
    html = rendered("{% form_errors form %}", form=ShipForm({"crew": "many"}))
    assert "4 things need your attention" in html
    assert "No ship sails today." in html
    assert re.findall(r'<a href="([^"]+)"', html) == ["#id_name", "#id_crew", "#id_flag_group"]
    assert "autofocus" in html


def test_a_form_that_was_not_sent_has_no_summary() -> None:
    assert rendered("{% form_errors form %}", form=ShipForm()).strip() == ""


def test_big_options_take_name_value_and_errors_from_a_bound_field() -> None:
    options = [{"value": "dk", "label": "Denmark"}, {"value": "es", "label": "Spain"}]
    html = rendered("{% radio_cards form.flag options %}", form=ShipForm({"flag": "es"}), options=options)
    checked = re.findall(r'name="flag" value="(\w+)"[^>]* checked', html)
    assert checked == ["es"]
    assert "Select a valid choice" in html


def test_filters_show_what_the_address_says_and_keep_the_order() -> None:
    source = '{% filter_bar active=1 %}{% filter_choice "sea" "Sea" seas %}{% endfilter_bar %}'
    html = rendered(source, path="/ships/?q=star&sea=n&sort=-name", seas=[("n", "North"), ("s", "South")])
    assert '<option value="n" selected>' in html
    assert 'name="q" value="star"' in html
    assert 'name="sort" value="-name"' in html
    assert 'href="/ships/"' in html


def test_the_way_to_clear_is_there_where_there_is_something_to_clear() -> None:
    def cleared(path: str, arguments: str) -> bool:
        source = f'{{% filter_bar {arguments} %}}{{% filter_choice "sea" "Sea" seas %}}{{% endfilter_bar %}}'
        return ">Clear</a>" in rendered(source, path=path, seas=[("n", "North")])

    for target in ("", ' target="#ships"'):
        assert not cleared("/ships/", f"active=0{target}")
        assert not cleared("/ships/?q=+&sea=", f"active=0{target}")
        assert cleared("/ships/?q=star", f"active=0{target}")
        assert cleared("/ships/?sea=n", f"active=1{target}")
        assert cleared("/ships/?sort=-name", f"active=0 ordered=True{target}")


def test_what_the_bar_says_of_its_state_follows_the_list() -> None:
    source = (
        '{% filter_bar active=1 target="#ships" hx_select_oob="#found" %}'
        '{% filter_choice "sea" "Sea" seas %}{% endfilter_bar %}'
    )
    html = rendered(source, path="/ships/", seas=[("n", "North")])
    assert 'hx-select-oob="#found,#ships-count,#ships-clear"' in html
    assert html.count('id="ships-count"') == html.count('id="ships-clear"') == 1


def test_figures_of_a_drawing_can_be_read_as_a_table() -> None:
    days = [(date(2026, 1, 1), 3), (date(2026, 1, 8), 5)]
    html = rendered('{% chart_line lines "Arrivals" %}', lines=[{"name": "Ships", "points": days}])
    assert re.findall(r'<th scope="row">([^<]+)</th><td class="num">([^<]+)</td>', html) == [
        ("1 Jan 2026", "3"),
        ("8 Jan 2026", "5"),
    ]


def test_every_drawing_has_a_name_for_who_cannot_see_it() -> None:
    bins = [{"low": 0, "high": 2, "count": 1}]
    source = (
        '{% chart_histogram bins "Draught" %}{% chart_sparkline points "Trend" %}{% ring 5 label="Score" %}'
    )
    html = rendered(source, bins=bins, points=[1, 4])
    assert re.findall(r'role="img" aria-label="([^"]+)"', html) == [
        "Draught",
        "Trend: from 1 to 4",
        "Score: 5",
    ]
