"""The feeds.yml that we ship: its topics on texts of our own, in five languages, and on the labelled sets where present.

The texts were written from general knowledge of the news and of its word traps; none is from the labelled sets.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from wirekin import config

ROOT = Path(__file__).parents[2]
LABELLED = ROOT / ".." / "shared" / "stories" / "newsdesk_fa_ar_he" / "topic_cases_dev.jsonl"
I, S, R = "iran", "israel-strikes", "russia"  # noqa: E741 - short names keep the table a table

CASES: list[tuple[str, set[str]]] = [
    ("Qom seminary opens library to foreign scholars", {I}),
    ("Iranian-American poet wins award", {I}),
    ("Iran-born chef opens diner in Leeds", {I}),
    ("Persian rugs fetch record prices at auction", {I}),
    ("Persian cats need daily brushing, vets say", set()),
    ("Piranhas found in Yorkshire pond", set()),
    ("Prussian blue paint recalled", set()),
    ("Georgia quarterback leads rally", set()),
    ("Jordan king opens school", set()),
    ("Iraq oil exports rise", set()),
    ("Tirana airport adds flights", set()),
    ("Russian blue kitten rescued from drain", set()),
    ("Belarus cuts potash output", set()),
    ("Muscovites queue for new metro line", {R}),
    ("Gazprom cuts dividend", {R}),
    ("Chechen fighter wins title", {R}),
    ("Kremlin critic jailed", {R}),
    ("Putin meets Pezeshkian in Ashgabat", {I, R}),
    ("Siberian husky wins agility cup", set()),
    ("Israel hits Hezbollah depot near Tyre", {S}),
    ("Israeli drone kills three in southern Lebanon", {S}),
    ("Israeli air force bombs Hodeidah port", {S}),
    ("Gaza hospital hit in Israeli strike, 12 dead", {S}),
    ("IDF shells village on Syrian border", {S}),
    ("Israel threatens to strike Iran's oil sites", {I, S}),
    ("Netanyahu orders strikes on Beirut suburb", {S}),
    ("Israel kills Hamas commander in Gaza City strike", {S}),
    ("Israeli teachers strike enters second week", set()),
    ("Israel's ports hit by strike over wages", set()),
    ("Heat stroke kills hiker in Israel's Negev", set()),
    ("Israeli striker scores twice for Celtic", set()),
    ("Israel strikes gold at judo championship", set()),
    ("Israel strikes gas deal with Cyprus", set()),
    ("Heart attack kills Israeli singer", set()),
    ("Israel hit by measles outbreak", set()),
    ("Nurses in Israel to strike from Sunday", set()),
    ("Lightning strikes tourist in northern Israel", set()),
    ("US air strikes hit Houthi sites in Yemen", set()),
    ("Ukraine drone strike hits Ryazan refinery", {R}),
    ("Israeli doctors' strike shuts clinics", set()),
    ("Israeli start-up targets Asian market", set()),
    ("Israel attack leaves keeper no chance as Haifa win cup", set()),
    ("Israeli minister attacks judges over ruling", set()),
    ("Smoke rises over Damascus after Israeli raid", {S}),
    ("Iran says two guards killed in Israeli attack", {I, S}),
    ("Aftermath of Israeli bombardment in Baalbek", {S}),
    ("Israel pounds Rafah overnight", {S}),
    ("Lebanon buries victims of Israeli strikes", {S}),
    ("Israel says it has killed Hezbollah drone chief", {S}),
    ("Tourists return to Persepolis", {I}),
    ("Hormuz tanker traffic slows", {I}),
    ("Иранские учёные вывели новый сорт фисташек", {I}),
    ("Под Тегераном сошла лавина", {I}),
    ("В Исфахане открыли мост", {I}),
    ("КСИР показал новый дрон", {I}),
    ("Тиран Сиракуз: история", set()),
    ("Ирландия ввела налог", set()),
    ("Ирак увеличил добычу", set()),
    ("Персидский кот победил на выставке", set()),
    ("Персидские ковры показали в музее", {I}),
    ("Русская голубая стала кошкой года", set()),
    ("Белорусские врачи провели операцию", set()),
    ("Пруссия: выставка карт", set()),
    ("Берлинская лазурь дорожает", set()),
    ("Москвичи встали в пробки", {R}),
    ("В Казани открыли парк", {R}),
    ("Госдума приняла закон о такси", {R}),
    ("Рубль укрепился к юаню", {R}),
    ("ЦАХАЛ ударил по складам «Хезболлы»", {S}),
    ("Израильские ВВС атаковали цели в Сирии", {S}),
    ("Израиль обстрелял юг Ливана", {S}),
    ("При ударе Израиля по Газе погибли 20 человек", {S}),
    ("Тепловой удар: в Израиле госпитализированы туристы", set()),
    ("В Израиле бастуют учителя", set()),
    ("Забастовка врачей в Тель-Авиве", set()),
    ("Угловой удар решил судьбу матча с Израилем", set()),
    ("Израиль пригрозил ударами по ядерным объектам Ирана", {I, S}),
    ("Российские туристы застряли в Тегеране", {I, R}),
    ("Израиль заключил сделку с Грецией", set()),
    ("Удар молнии убил туриста в Израиле", set()),
    ("Жители Бейрута хоронят погибших при израильской бомбардировке", {S}),
    ("Авиация Израиля нанесла серию ударов по долине Бекаа", {S}),
    ("Кибератака на банки Израиля", set()),
    ("Россияне полюбили отдых в Грузии", {R}),
    ("روس‌ها نفت بیشتری فروختند", {R}),
    ("پوتین به تهران می‌آید", {I, R}),
    ("ایرانی‌ها در کن درخشیدند", {I}),
    ("دانشجویان ایرانی‌تبار در کانادا", {I}),
    ("ویرانی‌های سیل در پاکستان", set()),
    ("وزیران خارجه در وین دیدار کردند", set()),
    ("روستاییان هند اعتراض کردند", set()),
    ("حمله هوایی اسرائیل به جنوب لبنان سه کشته داشت", {S}),
    ("بمباران خان‌یونس؛ ده‌ها کشته", {S}),
    ("جنگنده‌های اسرائیلی حومه دمشق را هدف قرار دادند", {S}),
    ("رژیم صهیونیستی غزه را بمباران کرد", {S}),
    ("اعتصاب پزشکان در اسرائیل", set()),
    ("ضربه مغزی بازیکن اسرائیلی در زمین", set()),
    ("حمله قلبی جان سیاستمدار اسرائیلی را گرفت", set()),
    ("حمله سایبری به بیمارستان‌های اسرائیل", set()),
    ("اسرائیل تهدید کرد نطنز را هدف قرار می‌دهد", {I, S}),
    ("بلاروس با چین قرارداد بست", set()),
    ("عراق میدان تازه نفتی کشف کرد", set()),
    ("زمین‌لرزه در سیرچ کرمان", {I}),
    ("مسکو از توافق خبر داد", {R}),
    ("گربه پرشین برنده شد", set()),
    ("توپخانه ارتش اسرائیل روستای مرزی لبنان را گلوله‌باران کرد", {S}),
    ("تیرانا پایتخت آلبانی", set()),
    ("قیمت سکه در بازار تهران", {I}),
    ("للإيرانيين حق التخصيب، يقول عراقجي", {I}),
    ("فوز فيلم إيراني بالسعفة", {I}),
    ("نيران الغابات في اليونان", set()),
    ("الجيران يتضامنون", set()),
    ("عروس تهرب من حفل زفافها", set()),
    ("دروس من الأزمة", set()),
    ("بروس ويليس يعتزل", set()),
    ("بطولة الفروسية في الدوحة", set()),
    ("فروسية العرب", set()),
    ("قصف إسرائيلي على خان يونس", {S}),
    ("غارة إسرائيلية تستهدف سيارة في صيدا", {S}),
    ("الاحتلال يقصف رفح بالمدفعية", {S}),
    ("شهداء في قصف استهدف مدرسة بغزة", {S}),
    ("طائرات إسرائيلية تضرب أهدافا في ريف دمشق", {S}),
    ("إضراب المعلمين في إسرائيل", set()),
    ("موجة حر تضرب تل أبيب", set()),
    ("ضربة شمس تودي بسائح في إيلات", set()),
    ("إسرائيل تهدد بضرب المنشآت النووية الإيرانية", {I, S}),
    ("بيلاروسيا توقع اتفاقا", set()),
    ("الروس يقبلون على شراء الذهب", {R}),
    ("بوتين يستقبل بزشكيان في موسكو", {I, R}),
    ("العراق يرفع الإنتاج", set()),
    ("مشهد مؤثر في الملعب", set()),
    ("ركلة جزاء تهدي إسرائيل التعادل", set()),
    ("أزرق بروسيا يعود", set()),
    ("القطط الشيرازية الأغلى", set()),
    ("غارات إسرائيلية على الحديدة اليمنية", {S}),
    ("روسيات يفزن بكأس التنس", {R}),
    ("ולאיראנים יש תשובה", {I}),
    ("מטוסי חיל האוויר תקפו בביירות", {S}),
    ('צה"ל הפציץ מחסן נשק בדרום לבנון', {S}),
    ("תקיפה ישראלית בתימן: נמל חודיידה נפגע", {S}),
    ("ישראל איימה לתקוף את נתנז", {I, S}),
    ("שביתת הרופאים: בתי החולים במתכונת שבת", set()),
    ("מכת חום בישראל: חייל אושפז", set()),
    ("התקף לב הכריע את הזמר", set()),
    ("תקיפת נהג אוטובוס בחיפה", set()),
    ("בעיטת עונשין הצילה את נבחרת ישראל", set()),
    ("פרסי אופיר חולקו", set()),
    ("פרס נובל לכימיה", set()),
    ("החתול הפרסי זכה בתחרות", set()),
    ("רוסיה הלבנה חתמה על הסכם", set()),
    ("רוסייה זכתה בווימבלדון", {R}),
    ("במוסקבה מכחישים", {R}),
    ("הריסות הבניין פונו", set()),
    ("כחול פרוסי חוזר לאופנה", set()),
    ("הנשיא פוטין נפגש עם פזשכיאן", {I, R}),
    ("שלושה הרוגים בתקיפה ברצועת עזה", {S}),
    ("עיראק הגדילה ייצוא", set()),
    ("מתקפת סייבר על בתי חולים בישראל", set()),
    ("ישראל תקפה מטרות של חיזבאללה בבקעא", {S}),
    ("תיירים רוסים באילת", {R}),
    ("Persian poetry night fills Paris theatre", {I}),
    ("Tirana mayor re-elected", set()),
    ("Moscow, Idaho, mourns students", set()),
    ("Iranian rial hits record low", {I}),
    ("Revolutionary Guards seize tanker", {I}),
    ("Israel strikes port city of Hodeidah, Houthis say", {S}),
    ("Israeli warplanes roar over Beirut", {S}),
    ("Airstrike kills family of five in Khan Younis", {S}),
    ("Israeli pilots union calls strike", set()),
    ("El Al pilots strike grounds flights from Israel", set()),
    ("Israel to strike back after Golan attack, minister says", {S}),
    ("Israeli strike on Aleppo airport halts flights", {S}),
    ("Israel central bank hits pause on rates", set()),
    ("Israeli film strikes a chord in Berlin", set()),
    ("Sunstroke warning as Israel bakes", set()),
    ("Drone attack on Belgorod kills one", {R}),
    ("Rosneft chief sees oil at $70", {R}),
    ("St. Petersburg, Florida, reopens pier", set()),
    ("White Russian cocktail turns 75", set()),
    ("Georgia Bulldogs win", set()),
    ("Israel bombs Natanz again, Tehran says", {I, S}),
    ("Israeli shelling sets olive groves on fire in south Lebanon", {S}),
    ("IDF kills two in strike on car in Sidon", {S}),
    ("Bus drivers in Haifa go on strike", set()),
    ("Israeli goalkeeper saves late strike", set()),
    ("Iran's women volleyball team wins", {I}),
    ("Hunger strike of prisoner in Israel enters week six", set()),
    ("Израильтяне бастуют против реформы", set()),
    ("Тегеран и Москва обсудили газ", {I, R}),
    ("Ирландский регбист", set()),
    ("Бомбардир сборной Израиля забил дважды", set()),
    ("Авиаудар по Рафаху: погибли дети", {S}),
    ("Израильский беспилотник ударил по машине на юге Ливана", {S}),
    ("Штрафной удар принёс победу «Маккаби»", set()),
    ("Персидская кошка потерялась", set()),
    ("Солнечный удар получили трое туристов в Эйлате", set()),
    ("Израиль пообещал ответить на атаку хуситов ударами по Йемену", {S}),
    ("Тираж лотереи", set()),
    ("Грузия и Армения открыли КПП", set()),
    ("Россельхознадзор запретил ввоз томатов", {R}),
    ("Иранский риал обновил минимум", {I}),
    ("ВВС Израиля разбомбили склад под Дамаском", {S}),
    ("Удар по бюджету: израильтяне платят больше", set()),
    ("مردم اصفهان از کم‌آبی گلایه دارند", {I}),
    ("پرواز مسکو به دمشق لغو شد", {R}),
    ("اسرائیل به فرودگاه حلب حمله کرد", {S}),
    ("پهپاد اسرائیلی خودرویی را در بعلبک زد", {S}),
    ("ضربه آزاد دیدنی مهاجم اسرائیلی", set()),
    ("اعتصاب خلبانان ال‌عال اسرائیل", set()),
    ("روسری و حجاب در فرانسه", set()),
    ("حمله گرگ به گله در ترکیه", set()),
    ("شمار کشته‌های حمله اسرائیل به رفح", {S}),
    ("حملات موشکی روسیه به کی‌یف", {R}),
    ("تهدید اسرائیل به حمله به تأسیسات اتمی", {S}),
    ("سکته قلبی در تل‌آویو", set()),
    ("اتیوپی سد ساخت", set()),
    ("ویروس تازه در چین", set()),
    ("گرمازدگی ده‌ها گردشگر در اسرائیل", set()),
    ("طهران ترفض المقترح", {I}),
    ("وللإيرانيين رأي آخر", {I}),
    ("الطيران الإسرائيلي يستهدف بعلبك", {S}),
    ("مسيّرة إسرائيلية تقصف دراجة نارية في بنت جبيل", {S}),
    ("غارات على الضاحية الجنوبية لبيروت", {S}),
    ("إضراب عمال الموانئ في حيفا", set()),
    ("ضربة شمس", set()),
    ("ضربة رأس تمنح مكابي حيفا الفوز", set()),
    ("القطة الشيرازية تربية وعناية", set()),
    ("فيروس كورونا يعود", set()),
    ("عدوان إسرائيلي على ريف حمص", {S}),
    ("الجيش الإسرائيلي يعلن اغتيال قيادي في حزب الله", {S}),
    ("هجوم روسي على خاركيف", {R}),
    ("تيران وصنافير", set()),
    ("إيرلندا تفوز", set()),
    ("إيرادات الشركة ترتفع", set()),
    ("ضحايا العدوان الإسرائيلي في ازدياد", {S}),
    ("المستوطنون يهاجمون قرية", set()),
    ("عاصفة تضرب إسرائيل", set()),
    ("שריפה בבית זיקוק ברוסיה", {R}),
    ("ההפצצות בעזה נמשכות", {S}),
    ('כטב"ם של צה"ל חיסל פעיל חיזבאללה', {S}),
    ("איראנים מפגינים בלונדון", {I}),
    ("שביתה בנמל אשדוד", set()),
    ("המתקפה על השופטים נמשכת: לוי תקף את נשיאת העליון", set()),
    ('נתניהו תקף את היועמ"שית', set()),
    ("בעיטת 11 מטר הכריעה את הדרבי", set()),
    ("תקיפה חריגה בסוריה: מטוסי קרב הפציצו בסיס", {S}),
    ('צה"ל תקף תשתיות טרור בלבנון', {S}),
    ("דיווח: ישראל תקפה בחומס", {S}),
    ("טהרן: לא נוותר", {I}),
    ("מזג האוויר: שרב בירושלים", set()),
    ("פרס ספיר הוענק", set()),
    ("הלכה למעשה בטיראנה", set()),
    ('עירן כהן מונה למנכ"ל', set()),
    ("רוסיה וטורקיה סיכמו", {R}),
    ("מכת שמש בטיול", set()),
    ("מחלקת אורולוגיה", set()),
    ("אירן ורוסיה חתמו", {I, R}),
]


@pytest.fixture(scope="module")
def shipped() -> config.Config:
    return config.load(ROOT / "feeds.yml")


def topics_of(shipped: config.Config, text: str) -> set[str]:
    return {str(match.slug) for match in shipped.topics.match(text)}


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_the_shipped_rules_tell_topics_from_their_traps(shipped, text, expected):
    assert expected == topics_of(shipped, text)


def test_the_shipped_file_has_many_publishers_and_three_topics(shipped):
    assert len(shipped.feeds) >= 25
    assert len({shipped.publishers.of_url(feed.url).name for feed in shipped.feeds}) >= 20
    assert len(shipped.publishers.wires) >= 5
    assert shipped.topics.slugs == (I, S, R)


def test_every_feed_of_the_shipped_file_belongs_to_a_publisher_it_names(shipped):
    unnamed = [
        feed.url for feed in shipped.feeds if shipped.publishers.of_url(feed.url).name not in shipped.publishers.names
    ]

    assert unnamed == []


@pytest.mark.skipif(not LABELLED.exists(), reason="the labelled topic cases are not on this machine")
@pytest.mark.parametrize("lang", ["en", "ru", "fa", "ar", "he"])
def test_f1_on_the_labelled_cases_is_at_least_95_in_each_language(shipped, lang):
    rows = [row for row in labelled() if row["lang"] == lang]
    pairs = [(set(row["topics"]), topics_of(shipped, row["text"])) for row in rows]

    right = sum(len(wanted & found) for wanted, found in pairs)
    f1 = 2 * right / sum(len(wanted) + len(found) for wanted, found in pairs)
    assert f1 >= 0.95


def labelled() -> Iterator[dict]:
    return map(json.loads, LABELLED.read_text(encoding="utf-8").splitlines())
