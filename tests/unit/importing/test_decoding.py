import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.decoding import UnknownEncoding, decode, share_at_home

WESTERN = "Name,Zweck\nRechnungsprüfung,Die Systeme’s Ausgaben – “schnell” prüfen\n"
LANGUAGES = {
    "cp1250": "Název;Účel\nTřídění faktur;Zrychlit zpracování příchozích faktur, snížit chyby a ušetřit čas\n",
    "cp1251": "Название;Цель\nСортировка счетов;Ускорить обработку входящих счетов и уменьшить число ошибок\n",
    "cp1253": "Όνομα;Σκοπός\nΤαξινόμηση τιμολογίων;Ταχύτερη επεξεργασία εισερχόμενων τιμολογίων\n",
    "cp932": "名前,目的\n請求書の仕分け,請求書の処理を速くする\n",
    "gb18030": "名称,目的\n发票分类,加快发票处理速度\n",
    "big5": "名稱,目的\n發票分類,加快發票處理速度\n",
    "euc_kr": "이름,목적\n송장 분류,송장 처리 속도 향상\n",
    "mac_roman": "Name;Purpose\nRésumé triage;It’s “fast” – déjà vu for café owners\n",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_western_text_reads_the_same_from_every_common_encoding(encoding):
    assert decode(WESTERN.encode(encoding)).text == WESTERN


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_mark(encoding):
    text = "Name,Unit\nCafé finder,Operations\n"
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("encoding", LANGUAGES)
def test_other_languages_are_found_out(encoding):
    text = LANGUAGES[encoding] * 3
    found = decode(text.encode(encoding))
    assert (found.text, found.how) == (text, "guessed")


@pytest.mark.parametrize("sign", ["’", "–", "“", "•", "é", "™"])
def test_one_windows_sign_among_much_plain_text_is_enough_not_to_guess_wildly(sign):
    text = f"Name,Purpose\nPlain,Nothing special\nOdd,It is{sign} odd\n"
    assert decode(text.encode("cp1252")).text == text


def test_the_same_bytes_are_always_read_the_same():
    data = (WESTERN * 50).encode("cp1252")
    assert {decode(data).encoding for _ in range(5)} == {"cp1252"}


def test_an_encoding_that_is_named_is_used_even_where_another_would_fit():
    assert decode("Ã©".encode("cp1252"), "cp1252").text == "Ã©"
    assert decode(b"caf\xe9", "latin-1").how == "named in the mapping"


@pytest.mark.parametrize("name", ["utf-9", "rot13", "hex", "zip"])
def test_a_name_that_is_no_text_encoding_is_refused(name):
    with pytest.raises(UnknownEncoding, match="encoding|valid"):
        decode(b"Name\nx\n", name)


def test_bytes_that_are_not_in_the_named_encoding_are_refused_with_their_place():
    with pytest.raises(UnknownEncoding, match="byte 4 "):
        decode(b"abc\xff", "utf-8")


def test_plain_ascii_is_at_home_and_garbled_text_is_not():
    assert share_at_home("plain") == 1.0
    assert share_at_home("Ñåðâèñ") < 0.5


@given(st.binary(max_size=300))
def test_any_bytes_are_decoded_or_refused(data):
    try:
        assert isinstance(decode(data).text, str)
    except UnknownEncoding as error:
        assert str(error)
