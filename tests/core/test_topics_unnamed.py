"""The shipped topics where the attacker, the reactor's owner or the party to the talks is not named, and traps.

Written from general knowledge; none is from the labelled sets.
"""

from __future__ import annotations

import pytest

I, S, R = "iran", "israel-strikes", "russia"  # noqa: E741 - short names keep the table a table

ABOUT: dict[str, dict[str, str]] = {  # language -> text -> its topics, separated by spaces
    "en": {
        "Iranian missile plant struck overnight": f"{I} {S}",
        "Defence ministry in Tehran hit, state media report": f"{I} {S}",
        "Tehran and Tel Aviv exchange missiles for a third night": f"{I} {S}",
        "Explosions heard over Isfahan": f"{I} {S}",
        "Ceasefire with Iran holds on day two": f"{I} {S}",
        "Iran airports reopen after truce": f"{I} {S}",
        "Netanyahu: enrichment has to end": I,
        "Muscat to host a sixth round of nuclear talks": I,
        "Oman's envoy carries a message about the truce": I,
        "Bushehr specialists flown home": f"{I} {R}",
        "Paks II contractors paid late": R,
        "Israel's campaign against Iran enters new phase": f"{I} {S}",
        "Missile strike on Kharkiv depot kills two": R,
        "Ukraine names soldiers freed in prisoner swap": R,
        "Satellite reaches orbit from Vostochny": R,
        "Kyiv ballet opens season": "",
        "Odessa, Texas, counts storm damage": "",
        "Israeli film on Iran opens campaign for Oscar": I,
        "Iranian refinery headquarters hit by strike over wages": I,
        "General strike empties Iranian headquarters": I,
        "Earthquake: barracks destroyed in Kerman province": I,
        "US strike on Iranian nuclear sites debated in Senate": I,
        "Iran's state television hit by hackers": I,
        "Iran calls for ceasefire in Gaza": I,
        "Iranian drone factory in Russia attacked": f"{I} {R}",
        "Jerusalem film about Iran war wins prize": I,
        "Haifa port workers strike as Iran talks drag on": I,
        "Israel and Saudi Arabia discuss uranium": "",
        "Oman and India resume trade talks": "",
        "Oman beat Nepal in cricket": "",
        "Houthi envoys meet mediators in Muscat": "",
    },
    "ru": {
        "Под ударом ракетный завод в Иране": f"{I} {S}",
        "В Тегеране прогремели взрывы": f"{I} {S}",
        "Израиль говорит об обогащении урана": I,
        "Маскат примет переговоры": I,
        "Специалисты покинули Бушер": f"{I} {R}",
        "Обстрел Харькова: двое погибших": R,
        "С Восточного запущен спутник": R,
        "Операция Израиля против Ирана вступила в новую фазу": f"{I} {S}",
        "Киевский балет открыл сезон": "",
        "Землетрясение разрушило казармы в Иране": I,
        "Сотрудники штаба в Иране бастуют: забастовка": I,
        "Оман и Индия ведут переговоры о торговле": "",
    },
    "fa": {
        "حمله به پادگان سپاه در کرمانشاه": f"{I} {S}",
        "صدای انفجار در اصفهان شنیده شد": f"{I} {S}",
        "مسقط میزبان مذاکرات تازه": I,
        "کارشناسان بوشهر را ترک کردند": f"{I} {R}",
        "حمله موشکی به خارکیف": R,
        "مرحله تازه عملیات اسرائیل علیه ایران": f"{I} {S}",
        "زلزله پادگانی را در کرمان ویران کرد": I,
        "مذاکرات عمان و هند درباره تجارت": "",
    },
    "ar": {
        "استهداف منشآت نووية في إيران": f"{I} {S}",
        "دوي انفجارات في طهران": f"{I} {S}",
        "مسقط تستضيف محادثات جديدة": I,
        "خبراء يغادرون بوشهر": f"{I} {R}",
        "قصف على خاركيف": R,
        "مرحلة جديدة من عملية إسرائيل في إيران": f"{I} {S}",
        "زلزال يدمر ثكنة في إيران": I,
        "محادثات التجارة بين سلطنة عمان والهند": "",
    },
    "he": {
        "מפעל טילים באיראן הותקף": f"{I} {S}",
        "פיצוצים נשמעו בטהרן": f"{I} {S}",
        "ישראל: ההעשרה חייבת להיפסק": I,
        "שיחות במסקט: סבב נוסף": I,
        "מומחים עזבו את בושהר": f"{I} {R}",
        "הפגזה בחרקוב": R,
        "המבצע של ישראל באיראן נכנס לשלב חדש": f"{I} {S}",
        "רעידת אדמה באיראן: בסיס צבאי נפגע": I,
    },
}
CASES = [(lang, text, set(topics.split())) for lang, texts in ABOUT.items() for text, topics in texts.items()]


@pytest.mark.parametrize(("lang", "text", "expected"), CASES)
def test_the_shipped_rules_recognise_parties_that_are_not_named(shipped, lang, text, expected):
    assert expected == {str(match.slug) for match in shipped.topics.match(text, lang=lang)}
