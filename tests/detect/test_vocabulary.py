"""What heads and headings say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.detect.vocabulary import guess_language, is_about, is_field_name, score_head

HEADS = {
    "code": "Error code|Message code|Code|错误码|返回码|錯誤碼|エラーコード|에러 코드|Код ошибки|Fehlernummer|Código|GDSCODE|Kod błędu",
    "http_status": "HTTP status|HTTP Status Code|HTTP状态码|Код HTTP|HTTP 狀態碼|Código HTTP",
    "name": "Name|Symbol|Constant|名称|Название",
    "error_type": "OAUTH error code|Error type|错误类型|Тип ошибки",
    "message": "Message|Error message|错误信息|錯誤訊息|メッセージ|에러 메시지|Текст ошибки|Fehlermeldung|Mensaje",
    "description": "Description|Meaning|错误码描述|说明|説明|설명|Описание|Bedeutung|Signification|Descripción|Significado",
    "resolution": "Solution|Suggested action|处理措施|建议解决方法|対処方法|해결 방법|Что делать|Lösung|Posible solución|Correção",
    "none": "Retriable|模块|Severity",
}


@pytest.mark.parametrize(("head", "role"), [(head, role) for role, heads in HEADS.items() for head in heads.split("|")])
def test_head_names_its_role_most(head: str, role: str) -> None:
    scores = score_head(head)
    assert max(scores, key=lambda name: scores[name]) == role


def test_a_head_without_a_word_of_ours_says_nothing() -> None:
    assert score_head("Lorem ipsum") == {}
    assert score_head("") == {}


@settings(deadline=None)
@given(st.text(max_size=200))
def test_scores_are_shares(head: str) -> None:
    assert all(0.0 < score <= 1.0 for score in score_head(head).values())


def test_headings_about_errors_are_recognised_in_many_languages() -> None:
    headings = "Error codes|错误码说明|エラー一覧|오류 코드|Коды ошибок|Fehlercodes|Codes d'erreur|Códigos de error|Kody błędów"
    assert [heading for heading in headings.split("|") if not is_about("topic", heading)] == []


def test_errata_are_no_errors() -> None:
    assert not is_about("topic", "Errata of the protocol")
    assert is_about("topic", "err enumeration")


def test_names_of_fields_are_known_whatever_their_case() -> None:
    assert is_field_name("errorCode")
    assert not is_field_name("InvalidToken")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The request is not valid and the server refuses it.", "en"),
        ("Die Anfrage ist nicht gültig und der Server lehnt sie ab.", "de"),
        ("La requête n'est pas valide et le serveur la refuse pour une raison.", "fr"),
        ("请求参数错误，请检查后重试。", "zh"),
        ("請求參數錯誤，請檢查後重試。", "zh-Hant"),
        ("パラメータが不正です。", "ja"),
        ("잘못된 요청입니다.", "ko"),
        ("Неверный запрос.", "ru"),
        ("", "en"),
    ],
)
def test_language_is_guessed(text: str, language: str) -> None:
    assert guess_language(text) == language
