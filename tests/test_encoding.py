"""Short pages in many encodings: found out, declared, declared wrongly, damaged, or no text at all."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.detect import detect
from etl.encoding import detect_encoding
from etl.errors import DocumentError
from etl.read import decode_document

MESSAGES = {
    "ru": "Неверный запрос|Токен доступа истёк|Пользователь не найден|Недостаточно средств на счёте|Внутренняя ошибка|Платёж отклонён",
    "uk": "Невірний запит|Термін дії ключа минув|Користувача не знайдено|Недостатньо коштів на рахунку|Їхній ключ ще не дійсний|Помилка",
    "ja": "リクエストが不正です|有効期限が切れています|ユーザーが見つかりません|残高が不足しています|内部エラーが発生しました|説明",
    "zh": "请求参数错误|访问令牌已过期|用户不存在|账户余额不足|服务器内部错误|请求次数超过限制，请稍后再试",
    "zh-tw": "請求參數錯誤|存取權杖已過期|使用者不存在|帳戶餘額不足|伺服器內部錯誤|請求次數超過限制，請稍後再試",
    "ko": "잘못된 요청입니다|액세스 토큰이 만료되었습니다|사용자를 찾을 수 없습니다|잔액이 부족합니다|서버 내부 오류|설명",
    "de": "Ungültige Anfrage|Schlüssel abgelaufen|Benutzer nicht gefunden|Größe überschritten|Übertragung nicht möglich|Erläuterung",
    "fr": "Requête invalide|Clé expirée|Utilisateur non trouvé|Paramètre erroné|Opération annulée|Réessayez plus tard",
    "es": "Petición no válida|Contraseña incorrecta|Usuario no encontrado|Inténtelo más tarde|Año no válido|Descripción",
    "pt": "Requisição inválida|Operação não autorizada|Usuário não encontrado|Código não informado|Série já vinculada|Descrição",
    "pl": "Nieprawidłowe żądanie|Token dostępu wygasł|Nie znaleziono użytkownika|Płatność odrzucona|Nieznany błąd|Hasło jest zbyt krótkie",
    "cs": "Neplatný požadavek|Platnost klíče vypršela|Uživatel nenalezen|Příliš mnoho požadavků|Neznámá chyba|Účet je zablokován",
    "el": "Μη έγκυρο αίτημα|Το κλειδί έληξε|Ο χρήστης δεν βρέθηκε|Ανεπαρκές υπόλοιπο|Άγνωστο σφάλμα|Περιγραφή",
    "tr": "Geçersiz istek|Anahtarın süresi doldu|Kullanıcı bulunamadı|İstek sınırı aşıldı|Ödeme reddedildi|Şifre çok kısa",
    "he": "בקשה לא תקינה|פג תוקף האסימון|המשתמש לא נמצא|אין יתרה מספקת|שגיאת שרת פנימית|תיאור",
    "ar": "طلب غير صالح|انتهت صلاحية الرمز|المستخدم غير موجود|الرصيد غير كاف|خطأ داخلي في الخادم|الوصف",
    "th": "คำขอไม่ถูกต้อง|โทเค็นหมดอายุ|ไม่พบผู้ใช้|ยอดเงินไม่เพียงพอ|ข้อผิดพลาดภายใน|คำอธิบาย",
}
ENCODINGS = [
    ("ru", "cp1251"), ("ru", "koi8-r"), ("uk", "cp1251"), ("uk", "koi8-u"), ("ja", "cp932"), ("ja", "euc_jp"), ("zh", "gb18030"),
    ("zh-tw", "big5"), ("ko", "cp949"), ("de", "cp1252"), ("fr", "cp1252"), ("es", "cp1252"), ("pt", "cp1252"), ("pl", "cp1250"),
    ("pl", "iso8859-2"), ("cs", "cp1250"), ("el", "cp1253"), ("tr", "cp1254"), ("he", "cp1255"), ("ar", "cp1256"), ("th", "cp874"),
]  # fmt: skip


def write_html(language: str, head: str = "") -> str:
    messages = MESSAGES[language].split("|")
    rows = "".join(f"<tr><td>{4001 + at}</td><td>ERR_{at}</td><td>{text}</td></tr>\n" for at, text in enumerate(messages))
    return f"<html><head>{head}<title>API</title></head><body><h1>Errors</h1>\n<table><tr><th>Code</th></tr>\n{rows}</table></body>"


def write_markdown(language: str) -> str:
    messages = MESSAGES[language].split("|")
    rows = "".join(f"| {4001 + at} | ERR_{at} | {text} |\n" for at, text in enumerate(messages))
    return f"# Error codes\n\n| Code | Name | Text |\n|---|---|---|\n{rows}"


def read(content: bytes, declared: str | None = None) -> str:
    return decode_document(content, name="page", encoding=detect_encoding(content, declared=declared)).text


@pytest.mark.parametrize(("language", "encoding"), ENCODINGS)
@pytest.mark.parametrize("write", [write_html, write_markdown])
def test_a_short_page_that_declares_nothing_is_read(language: str, encoding: str, write: type) -> None:
    text = write(language)
    assert read(text.encode(encoding)) == text


@pytest.mark.parametrize("language", MESSAGES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_unicode_is_read_with_and_without_its_mark(language: str, encoding: str) -> None:
    text = write_markdown(language)
    assert read(text.encode(encoding)).removeprefix("\ufeff") == text
    marked = codecs.BOM_UTF16_BE + text.encode("utf-16-be")
    assert read(marked) == text


@pytest.mark.parametrize(
    ("language", "label", "encoding"),
    [
        ("ru", "windows-1251", "cp1251"), ("ru", "KOI8-R", "koi8-r"), ("ja", "Shift_JIS", "cp932"), ("ja", "euc-jp", "euc_jp"),
        ("zh", "gb2312", "gb18030"), ("zh", "GBK", "gb18030"), ("zh-tw", "Big5", "big5"), ("ko", "euc-kr", "cp949"),
        ("fr", "iso-8859-1", "cp1252"), ("fr", "us-ascii", "cp1252"), ("tr", "iso-8859-9", "cp1254"), ("th", "tis-620", "cp874"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "head", ['<meta charset="{}">', "<META http-equiv=Content-Type content='text/html; charset={}'>", "<?xml encoding='{}'?>", "HTTP"]
)
def test_a_declared_encoding_is_read_by_the_standards_label(language: str, label: str, encoding: str, head: str) -> None:
    text = write_html(language, head.format(label) if head != "HTTP" else "")
    content = text.encode(encoding)
    assert read(content, label if head == "HTTP" else None) == text


@pytest.mark.parametrize("first", ["# -*- coding: koi8-r -*-\n", ".. coding: koi8-r\n", "Codes\n# vim: set fileencoding=koi8-r :\n"])
def test_a_coding_comment_declares_in_the_first_two_lines(first: str) -> None:
    assert detect_encoding(f"{first}Да".encode("koi8-r")) == "koi8-r"
    assert detect_encoding(f"\n\n{first}Да".encode("cp1251")) != "koi8-r"


def test_characters_beyond_the_declared_set_are_those_of_its_superset() -> None:
    assert read("<meta charset=gb2312>鎔 € 㐀".encode("gb18030")).endswith("鎔 € 㐀")
    assert read("<meta charset=shift_jis>① ㈱ 髙".encode("cp932")).endswith("① ㈱ 髙")
    assert read("<meta charset=iso-8859-1>“€”".encode("cp1252")).endswith("“€”")


def test_a_declaration_stands_where_there_is_little_to_go_by() -> None:
    assert detect_encoding("Da: \xcf\xdb".encode("latin-1"), declared="koi8-r") == "koi8-r"
    assert detect_encoding("Da: \xcf\xdb".encode("latin-1"), declared="windows-1251") == "cp1251"


@pytest.mark.parametrize(
    ("language", "encoding"), [("ru", "cp1251"), ("ja", "cp932"), ("zh", "gb18030"), ("ko", "cp949"), ("el", "cp1253")]
)
@pytest.mark.parametrize("wrong", ["iso-8859-1", "utf-8", "utf-16", "us-ascii", "unknown-8bit"])
def test_a_declaration_that_would_garble_the_page_is_overruled(language: str, encoding: str, wrong: str) -> None:
    text = write_html(language, f'<meta charset="{wrong}">')
    assert read(text.encode(encoding)) == text


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "gb2312", "shift_jis", "euc-kr"])
@pytest.mark.parametrize("language", MESSAGES)
def test_a_page_that_is_utf_8_is_read_so_whatever_it_declares(label: str, language: str) -> None:
    text = write_html(language, f'<meta charset="{label}">')
    assert detect_encoding(text.encode()) == "utf-8"


def test_two_characters_that_are_utf_8_by_chance_do_not_overrule_an_east_asian_declaration() -> None:
    content = "<meta charset=gbk>卢".encode("gbk") + "路".encode("gbk")
    assert content.endswith(b"\xc2\xac\xc2\xb7")
    assert read(content).endswith("卢路")
    assert read(content.replace(b"gbk", b"iso-8859-1")).endswith("¬·")


@pytest.mark.parametrize("label", ["base64", "rot13", "idna", "unicode_escape", "utf-7", "cp037", "x-user-defined", "mbcs", "../etc"])
def test_a_label_that_the_standard_does_not_know_is_ignored(label: str) -> None:
    text = write_html("fr", f'<meta charset="{label}">')
    assert read(text.encode("cp1252")) == text
    assert detect_encoding(b"plain", declared=label) == "utf-8"


@pytest.mark.parametrize("text", ["don’t", "© 2020", "25 °C", "a – b", "“quoted”", "café", "§ 4", "±5 µs", "™"])
def test_a_stray_character_in_english_text_is_windows_1252(text: str) -> None:
    page = "| Code | Text |\n|---|---|\n" + "".join(f"| {at} | The request has failed, see error {at} |\n" for at in range(30)) + text
    assert read(page.encode("cp1252")) == page


def test_japanese_by_escapes_is_no_ascii() -> None:
    text = "4001 エラー\n"
    assert read(text.encode("iso2022_jp")) == text


def test_bytes_that_nothing_decodes_are_named() -> None:
    with pytest.raises(DocumentError, match=r"without loss\n  found: b'\\x81' in line 2"):
        detect_encoding(b"4001 Bad\n4002 Worse \x81\n")


def test_a_page_that_is_cut_off_inside_a_character_is_refused() -> None:
    with pytest.raises(DocumentError, match="does not go on so"):
        detect_encoding(codecs.BOM_UTF16_LE + "ab".encode("utf-16-le")[:-1])


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n", b"PK\x03\x04abc", b"\x1f\x8bxyz", b"PAR1abc", b"\x7fELF\x02\x01\x01\x00", b"GIF89a",
        b"{\\rtf1 Error 4001}", bytes(range(256)) * 4, b"text\0text", b"\x01\x02\x03" * 9,
    ],
)  # fmt: skip
def test_a_file_that_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(DocumentError, match="no text"):
        detect_encoding(content)


def test_pages_that_begin_like_files_of_other_kinds_are_text() -> None:
    assert detect_encoding(b"BM codes\n4001 Bad\n") == "utf-8"
    assert detect_encoding(b"\x1b[1m4001\x1b[0m Bad\n") == "utf-8"


def test_the_part_that_tells_may_stand_at_the_end_of_a_large_page() -> None:
    text = "4001 Bad request\n" * 30_000 + write_markdown("ru")
    assert read(text.encode("cp1251")) == text


PRINTED = {
    "gb18030": "错误码|参数无效，请检查“密钥”|签名已过期€|无权访问该资源|订单不存在",
    "cp1252": "Fehlercodes – Übersicht|Ungültiger Schlüssel „x“|Gebühr 5 € überschritten|Straße fehlt…|L’accès est refusé",
    "utf-16": "错误码 – Übersicht|参数无效|签名已过期|Straße fehlt|Нет доступа",
    "iso-8859-2": "Kody błędów|Nieprawidłowy klucz dostępu|Żądanie wygasło|Brak uprawnień do zasobu|Zamówienie nie istnieje",
}


@pytest.mark.parametrize("layout", ["table", "lines"])
@pytest.mark.parametrize("declared", ["declared", ""])
@pytest.mark.parametrize("encoding", PRINTED)
def test_codes_of_html_pages_are_read_in_their_encoding(encoding: str, declared: str, layout: str) -> None:
    title, *texts = PRINTED[encoding].split("|")
    if layout == "table":
        rows = "".join(f"<tr><td>{number}</td><td>{text}</td></tr>\n" for number, text in enumerate(texts, start=4001))
        body = f"<table><tr><th>Code</th><th>Description</th></tr>\n{rows}</table>"
    else:
        body = "<br>\n".join(f"{number} - {text}" for number, text in enumerate(texts, start=4001))
    meta = f'<meta charset="{encoding}">' if declared else ""
    content = f"<html><head>{meta}</head><body><h1>{title} (error codes)</h1>\n{body}</body></html>".encode(encoding)
    detection = detect(decode_document(content, name="errors.html", encoding=detect_encoding(content)))
    assert [(record.code, record.description) for record in detection.reading.records] == [
        (str(number), text) for number, text in enumerate(texts, start=4001)
    ]


@given(st.binary(max_size=200), st.sampled_from([None, "gbk", "shift_jis", "iso-8859-1", "koi8-r", "utf-16"]))
def test_what_is_found_decodes_every_byte(content: bytes, declared: str | None) -> None:
    try:
        encoding = detect_encoding(content, declared=declared)
    except DocumentError:
        return
    text = content.decode(encoding)
    if encoding.startswith(("utf-8", "cp125", "iso8859", "koi8")):
        assert text.encode(encoding) == content
