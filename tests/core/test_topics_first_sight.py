"""The shipped topics on texts whose author had not yet read the term lists, or had not seen their misses.

tests/data/topic_texts.tsv: sight, language, topics (none for a trap), text. The first sight was written before the
lists were read, each later one after the lists were corrected for the one before; none is from the labelled sets.
docs/quality.md has the results of each first run. A third are traps. The fifth and sixth are by a second author, who
had seen neither lists nor sets; his labels were corrected where they went beyond the topic (hostages, courts, fire into
Israel). The seventh and eighth are by a third author, who had seen neither; his labels are unchanged. The ninth and
tenth were written to find gaps of the lists, which have been filled since. The eleventh to fourteenth are by a fourth
author. The fifteenth to twentieth are by a fifth, who had read the lists before the last four; two of his labels were
mended. The twenty-first to twenty-seventh are by a sixth, mostly on Israeli strikes; he had not read the lists before the
first of them, and the twenty-sixth was written to find false alarms of new rules. So was the
twenty-eighth, by a seventh: it holds those of his texts that were mended.

A title and its summary stand in one column with " | " between, and are matched as the two that they are.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

TEXTS = Path(__file__).parents[1] / "data" / "topic_texts.tsv"
ROWS = [line.split("\t") for line in TEXTS.read_text(encoding="utf-8").splitlines()]
LANGUAGES = ("en", "ru", "fa", "ar", "he")
KNOWN_MISSES = {  # most could be corrected only by getting other texts wrong, or by terms for one text
    "Isfahan restaurant in Los Angeles fined",
    "Red Square cinema in Leeds to reopen",
    "Peter the Great of cheeses: Norwegian wins",
    "Kazan the cat found after 30 days in Ohio? Vet reunites family",
    "Volga class? A new car from Detroit? Not quite",
    "Marandi joins delegation in Vienna",
    "Совет экспертов обсудил преемника",
    "Керман на юге Франции: рецепты сыра",
    "Искандер Махмудов Казанский? Поэта из Ташкента наградили",
    "Волга впадает? Нет: «Волга» — хит группы из Таллина",
    "Дубна? Нет, Дублин: саммит пройдет в Ирландии",
    "Тула? Нет, Тулуза: регбисты взяли кубок",
    "Печора и печенье: бренд из Латвии",
    "Меджлис крымских татар? Нет, «Меджлис» — кафе в Стамбуле",
    "Костин: ставка не снизится",
    "רובל על רובל: מכונת הכביסה התקלקלה",
    "לונדון לאברמוביץ': העבר את כספי מכירת צ'לסי לאוקראינה או שנתבע",
    "Cyrus the Great biopic casts Oscar winner in lead role",
    "Раскопки в Персеполисе американского художника: в Чикаго открылась выставка о Дарии I",
    "یورش نظامیان به اردوگاه بلاطه در نابلس، سه جوان فلسطینی زخمی شدند",
    "آموزش سالاد اولویه بدون مرغ | برای این غذا که روس‌ها هم آن را دوست دارند سیب‌زمینی، خیارشور و نخود لازم است.",
    "قوة تتوغل في بيت جن بريف دمشق وتعتقل ثلاثة شبان",
    "Tehran, the Turin-born rapper, tops Italian charts with debut album",
    "«موسكو الحمراء» عطر قديم يعود إلى رفوف باريس | تعيد دار فرنسية تركيب وصفة 1925.",
    "Parsis of Mumbai count their last thousands | Zoroastrian families debate marriage and the towers of silence.",
    "Kasparov Street residents fume over parking",
    "My Persian rug moth nightmare | 'They ate the lot,' says Debs from Hull.",
    "Ovechkin's GR8 chase: Washington fans queue all night for puck",
    "بید فرش ایرانی خانم انگلیسی را خورد؟ نه، فرش بلژیکی بود",
    "پرواز شیراز؟ نه، انگور شیراز استرالیا را از ریشه درمی‌آورند",
    "دختران فوتسال قهرمان آسیا شدند | شاگردان فروزان سلیمانی ژاپن را بردند.",
    "کیهان و یارانش از چه می‌ترسند؟",
    "گلزار جواب داد: چرا به رادان گفتم «پانتولیگ» می‌مانم",
    "הפרסים של מומבאי סופרים את האלפים האחרונים | הקהילה הזורואסטרית מתווכחת על נישואים.",
    "Жители улицы Каспарова в Загребе недовольны парковкой",
    "Моль съела персидский ковёр | Жительница Гулля ищет чистку.",
    "Парсы Бомбея считают последние тысячи | Община зороастрийцев спорит о браках.",
    "Андреева снялась с турнира в Майами",
    "Почему Дума разучилась спорить",
    "Трифонов сыграл Рахманинова в Карнеги-холле",
    "ظريف ينشر مذكراته فتنفد في يوم",
    "Iranian-born? No: Irani café closes in Pune",
    "Что такое «Посейдон» и чем он отличается от «Буревестника»",
    "'They broke my nose for a headscarf': student, 20, tells of arrest at Sharif",
    "Let the athletes of Perm and Tula march under a white flag",
    "Rosneft? No, Rosenfeld: Haifa chemicals firm lists in London",
    "Kerman Lejeune hat-trick lifts Metz",
    "Обмен 185 на 185: пленные летят домой через Минск",
    "جسر شيراز.. مطعم جديد في الكويت يقدم المشاوي",
    "The Museum That Will Not Say Stalin's Victims | In Perm, guides now speak of 'the achievements of the camp system'.",
    "Persian rug shop cat named borough's oldest",
    "معاون شهردار: اتوبوس‌های برقی از چین می‌رسد؛ نوسازی ناوگان بی‌آرتی",
    "The Hermitage Lends Nothing, and Gets Nothing Back",
    "What Is Left of Beit Hanoun | A town photographed block by block, before and after the bombing.",
    "Kazan Dzhan, Kyrgyz judoka, wins bronze in Paris",
    "Кому мешает «Мемориал»",
    "شركة مياه الفارسية للتعبئة تفتتح فرعا في العين",
    "روحانی سکوت را شکست",
    "ریال، رأی عدم اعتماد",
    "كيش تغازل معدّني العملات والكهرباء مقطوعة",
    "Дзюдоистам вернули гимн и триколор | На Украине решение международной федерации назвали позором.",
    "Iran's air defences were blinded first: how Israel opened the June campaign",
    "Israeli soldiers kill goat in village, farmer says, seek compensation",
    "Президент Ливана: Израиль пишет нам послания огнём",
    "رئیس‌جمهور لبنان: اسرائیل با آتش پیام می‌فرستد",
    (
        "سردار باقرزاده: اگر دوباره بزنند تل‌آویو را خاک می‌کنیم | "
        "اظهارات او پس از تهدید تازه نتانیاهو علیه تاسیسات نطنز بیان شد."
    ),
    "الرئيس اللبناني: إسرائيل توجه رسائلها بالنار",
    "200 פצצות בשעה על נמל בתימן | הטייסים מספרים על המבצע.",
    "נשיא לבנון: ישראל שולחת מסרים באש",
    "'It was over in a flash': how Israel got Hezbollah's number two",
    "Syrian pilot defects with jet to Jordan, Israeli radio says",
    "Хирург из Газы: за час привезли 60 раненых | По данным ЦАХАЛа, в школе скрывались боевики.",
    "Израиль бьёт всё севернее: страховщики отказываются от рейсов в Бейрут",
    "Роботы со взрывчаткой сносят кварталы Газы | Израильские сапёры применяют их несколько недель.",
    "Как Израиль добрался до второго человека в «Хезболле»",
    "Сирийский лётчик бежал на самолёте в Иорданию, сообщает израильское радио",
    "وزیر اطلاع‌رسانی حوثی‌ها به خاک سپرده شد | او در تالاری بود که اسرائیل ماه گذشته آن را زد.",
    "جراح غزه: در یک ساعت ۶۰ مجروح آوردند | ارتش اسرائیل می‌گوید پیکارجویان در مدرسه بودند.",
    "ربات‌های انفجاری محله‌های غزه را با خاک یکسان می‌کنند | اسرائیل هفته‌هاست از آنها استفاده می‌کند.",
    "عکس‌های ماهواره‌ای از سوختگی تازه در پارچین | تحلیلگران آن را کار اسرائیل می‌دانند.",
    "پزشکیان: اگر بزنند، می‌زنیم | او به تهدیدهای اخیر اسرائیل واکنش نشان داد.",
    "خلبان سوری با جنگنده به اردن گریخت | رادیو اسرائیل این خبر را داد.",
    "جراح من غزة: 60 جريحا في ساعة | يقول الجيش الإسرائيلي إن مسلحين كانوا في المدرسة.",
    "دمشق تطلب من واشنطن كبح إسرائيل بعد ما جرى في المزة | سقط ثلاثة قتلى حين أصابت صواريخ ثكنة هناك.",
    "كيف وصلت إسرائيل إلى الرجل الثاني في حزب الله",
    'מנתח בעזה: 60 פצועים בשעה | צה"ל: בבית הספר הסתתרו מחבלים.',
    "דמשק לוושינגטון: רסנו את ישראל | שלושה נהרגו בתקיפה במזה.",
    "כך הגיעה ישראל למספר שתיים בחיזבאללה",
    'יוניפי"ל: ירי ממרכבה פגע במגדל תצפית',
    (
        "Army: school hit in Zeitoun was arms store; teachers deny it | "
        "Israel published a grainy clip of what it called secondary blasts."
    ),
    "خانواده‌های جان‌باختگان اوین هنوز منتظر فهرست نام‌ها هستند | دروازه زندان در خرداد با موشک اسرائیلی فروریخت.",
    "Houthi court sentences 17 to death for spying for Israel",
    "בית משפט חות'י גזר מוות על 17 בחשד לריגול למען ישראל",
    "'Leave now': how a phone call from the Israeli army emptied a Gaza tower",
    "Израильский министр: бить «Хезболлу» будем, пока она не уйдёт за Литани",
    "فرودگاه بیروت با وجود انفجار در نزدیکی آن باز ماند | هواپیماهای اسرائیلی انباری را در یک کیلومتری باند زدند.",
    "שר בכיר: נמשיך להכות בחיזבאללה עד שייסוג מהליטני",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_shipped_rules_give_the_right_topics_except_for_the_known_misses(shipped, lang):
    wrong = {
        text
        for _, spoken, topics, text in ROWS
        if spoken == lang and {str(slug) for slug in shipped.topics.about(*text.split(" | ", 1))} != set(topics.split())
    }

    assert wrong == KNOWN_MISSES & {text for _, spoken, _, text in ROWS if spoken == lang}


def test_a_third_of_the_texts_are_traps():
    on_topic = Counter(bool(topics) for _, _, topics, _ in ROWS)

    assert set(LANGUAGES) == {lang for _, lang, _, _ in ROWS}
    assert on_topic[False] >= sum(on_topic.values()) / 3
