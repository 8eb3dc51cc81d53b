"""The shipped topics' names of people, towns, weapons and organisations, and the words and names that look like them.

The traps were found with lists of each language's commonest words: each once matched a term. None of the texts is from
the labelled sets.
"""

from __future__ import annotations

import pytest

I, S, R = "iran", "israel-strikes", "russia"  # noqa: E741 - short names keep the table a table

ABOUT: dict[str, dict[str, str]] = {  # text -> its topics, separated by spaces
    "en": {
        "Hengaw counts new arrests in Bukan": I,
        "Mohajerani briefs reporters after cabinet": I,
        "Snow closes the road to Khoy": I,
        "Questions remain about Pickaxe Mountain": I,
        "A year on from the 12-day war": f"{I} {S}",
        "Missile barrage on Haifa as Iran retaliates": I,
        "Forty thousand stranded as Ben Gurion stays shut": S,
        "Airlines drop flights to Tehran and Tel Aviv": f"{I} {S}",
        "Drones over Sevastopol, ferry halted": R,
        "Medinsky leads delegation to Istanbul": R,
        "Blast at chemical works in Dzerzhinsk": R,
        "Sheveluch throws ash ten kilometres high": R,
        "Marlene Dumas retrospective opens": "",
        "Despicable Me: Gru returns": "",
        "Samara Weaving joins cast": "",
        "Zoe Kazan on writing": "",
        "Greek premier Samaras reshuffles": "",
        "Crimean-Congo fever case in Spain": "",
        "Boman Irani wins award": "",
        "Amol Palekar film restored": "",
        "Francois Ozon opens festival": "",
        "Taman Negara trail reopens": "",
        "Syrian army bombards suburb of Damascus": "",
        "Trapped tourists leave as Haifa port staff end strike": "",
    },
    "ru": {
        "Мохаджерани рассказала о бюджете": I,
        "Спустя год после 12-дневной войны": f"{I} {S}",
        "В Севастополе временно перекрыт мост": R,
        "Мединский прибыл в Стамбул": R,
        "Ночью над Новошахтинском сбит дрон": R,
        "В Нефтеюганске прорвало трубу": R,
        "Баллистический залп по Хайфе: Иран ответил": I,
        "Дочь Яна Сибелиуса": "",
        "Яна выбрала платье": "",
        "Внуков забрали из школы": "",
        "Ярослав Грицак издал книгу": "",
        "Он курил у входа": "",
        "Приснился странный сон": "",
        "Мурашки по коже": "",
        "Ноябрьские туманы в Альпах": "",
        "Каспийское море мелеет": "",
        "Братские чувства двух певцов": "",
        "Обручальное кольцо с цирконием": "",
        "Хор певчих птиц": "",
        "Перси Джексон вернулся": "",
        "Пробит бак грузовика, топливо вытекло из бака": "",
        "Уральск ждет газ из Атырау": "",
        "Старая крепость Каменец-Подольского": "",
    },
    "fa": {
        "مهاجرانی: لایحه به دولت بازگشت": I,
        "برف راه‌های شهرستان را بست": I,
        "یک سال پس از جنگ ۱۲ روزه": f"{I} {S}",
        "انفجار در سواستوپل": R,
        "مدینسکی به استانبول رفت": R,
        "رؤسای جمهور دو کشور دیدار کردند": "",
        "روسای دانشگاه‌ها در لندن": "",
        "شادمانی هواداران در بوئنوس آیرس": "",
        "کاشانه‌ای تازه برای پناهجویان سوری": "",
        "داعش خراسان مسئولیت حمله کابل را پذیرفت": "",
        "تب کریمه کنگو در ترکیه": "",
    },
    "ar": {
        "مهاجراني: الحكومة تدرس الموازنة": I,
        "بعد عام على حرب ال12 يوما": f"{I} {S}",
        "انفجار في سيفاستوبول": R,
        "ميدينسكي يصل إلى إسطنبول": R,
        "رؤساء الدول العربية يجتمعون": "",
        "المصرف يحدد موعدا لأداء اليمين": "",
        "رواية عن الفرسان الثلاثة": "",
        "السيستاني يستقبل وفدا في النجف": "",
        "مايكل أوين يعتزل": "",
        "وفاة الشاعر الكيلاني في بغداد": "",
        "حمى القرم الكونغو في العراق": "",
        "كروسان طازج كل صباح": "",
    },
    "he": {
        "שנה אחרי מלחמת 12 הימים": f"{I} {S}",
        "פיצוץ בסבסטופול": R,
        "מדינסקי הגיע לאיסטנבול": R,
        "מטח טילים לעבר חיפה: איראן הגיבה": I,
        "טקס חלוקת הפרסים ייערך מחר": "",
        "סצינות מחיי נישואים": "",
        "כרובית בתנור": "",
        "משפחת גלילי חוגגת": "",
        "אירנה עלתה לארץ": "",
        "מסמרות פלדה": "",
        "אמנון אברמוביץ' מסביר": "",
        "חברה סוציו-אקונומית": "",
        "האופרה של ואגנר": "",
    },
}
CASES = [(lang, text, set(topics.split())) for lang, texts in ABOUT.items() for text, topics in texts.items()]


@pytest.mark.parametrize(("lang", "text", "expected"), CASES)
def test_the_shipped_rules_tell_names_from_words_that_look_like_them(shipped, lang, text, expected):
    assert expected == {str(match.slug) for match in shipped.topics.match(text, lang=lang)}
