"""What a headline speaks of in no language: news concepts by a small dictionary, names by their consonants, figures.

Headlines of one event in two languages share no word. They share concepts ("землетрясение", "زلزله", "quake"), names
("Керман", "کرمان", "Kerman" are all KRMN) and figures ("7.1"). The dictionary is general news vocabulary in English,
Russian, Persian, Arabic and Hebrew, a concept on lines that begin with one word, compiled by hand (2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from wirekin.text import readable, terms

__all__ = ["FRAMES", "concept", "features", "fields", "kin", "telling", "vocabulary"]

_DICTIONARY = """
iran иран ایران إيران איראן
israel израиль اسرائیل إسرائيل ישראל
russia россия روسیه روسيا רוסיה روس רוסים русский
ukraine украина اوکراین أوكرانيا אוקראינה kyiv киев киевский كييف קייב
usa america washington сша америка آمریکا أمريكا أميركا واشنطن ארהב אמריקה
china beijing китай пекин چین الصين סין
lebanon beirut ливан бейрут لبنان بیروت לבנון ביירות
syria damascus сирия дамаск سوریه سوريا דמשק סוריה
iraq baghdad ирак багдад عراق بغداد עיראק בגדד
turkey турция ترکیه تركيا טורקיה ankara анкара آنکارا أنقرة אנקרה
georgia грузия грузинский گرجستان جورجيا גאורגיה tbilisi тбилиси
europe eu евросоюз европа اروپا أوروبا אירופה
qatar катар قطر קטאר
italy италия ایتالیا إيطاليا الطليان איטליה
germany berlin германия берлин آلمان برلین ألمانيا גרמניה ברלין
japan япония ژاپن اليابان יפן
egypt cairo египет каир مصر قاهره القاهرة מצרים קהיר
britain uk london британия британский лондон بریتانیا انگلیس لندن بريطانيا בריטניה לונדון
france paris франция париж فرانسه پاریس فرنسا باريس צרפת פריז
india delhi индия дели هند دهلی الهند نيودلهي הודו דלהי
pakistan islamabad пакистан исламабад پاکستان اسلام‌آباد باكستان פקיסטן
afghanistan kabul taliban афганистан кабул талибан افغانستان کابل طالبان أفغانستان كابول אפגניסטן קאבול
oman muscat оман маскат عمان مسقط עומאן מוסקט
saudi riyadh саудовский рияд عربستان ریاض السعودية الرياض סעודיה ריאד
yemen sanaa houthi йемен хусит یمن حوثی اليمن الحوثي תימן חותי
kazakhstan astana казахстан астана قزاقستان كازاخستان קזחסטן
armenia yerevan армения ереван ارمنستان ایروان أرمينيا ארמניה
azerbaijan baku азербайджан баку آذربایجان باکو أذربيجان אזרבייגאן
belarus minsk беларусь белоруссия минск بلاروس بيلاروسيا בלארוס
poland warsaw польша варшава لهستان ورشو بولندا פולין ורשה
tehran тегеран تهران طهران טהרן
jerusalem иерусалим القدس ירושלים
moscow москва московский مسکو موسكو מוסקבה
kremlin кремль кремлевский کرملین الكرملين קרמלין
gaza газа غزه غزة עזה
hormuz ормуз ормузский هرمز הורמוז
hezbollah хезболла حزب‌الله حزبالله חיזבאללה
hamas хамас حماس חמאס
idf цахал צהל
strike raid bomb airstrike bombing bombard bombardment warplane удар авиаудар налёт бомбить бомба
strike бомбардировка авианалет حمله بمباران غارة غارات قصف ضربة תקיפה הפצצה תקף הפציץ
attack assault нападение атака атаковать هجوم اعتداء مهاجمت מתקפה התקפה מתקפת
drone uav беспилотник дрон پهپاد مسيرة مسيرات طائرة رحفن רחפן כטבם רחפנים
missile rocket ракета ракетный موشک راکت صاروخ صواريخ טיל רקטה טילים רקטות
missile salvo warhead ballistic barrage залп боеголовка баллистический بالستیک باليستي בליסטי מטח
explosion blast explode взрыв взорваться انفجار تفجير פיצוץ
retaliate retaliation revenge reprisal ответный возмездие انتقام تلافی ثأر נקמה תגמול
rescue rescuer firefighter спасатель спасательный спасти пожарный نجات امدادگر إنقاذ חילוץ כבאי
intercept interceptor siren перехват перехватить сирена رهگیری آژیر יירוט אזעקה
crash collision collide крушение авария столкновение سانحه تصادف تصادم حادث התרסקות תאונה
fire blaze ablaze burn пожар горит возгорание آتش‌سوزی حریق حريق שריפה דליקה
kill dead death die victim toll погиб погибший убит жертва умер کشته جان‌باخته قربانی قربانیان قتيل قتلى مقتل
kill شهداء شهید ضحية קורבן הרוג הרוגים נהרג נהרגו חוסל
injure wound hurt ранен раненый пострадал пострадавший زخمی مجروح مصدوم جريح جرحى إصابة פצוע פצועים נפצע נפגע
injure נפגעים
earthquake quake tremor temblor землетрясение толчок زلزله زمین‌لرزه زلزال هزة רעידה רעידת
tsunami цунами سونامی تسونامي צונאמי
flood наводнение паводок سیل فيضان שיטפון
hurricane storm typhoon cyclone ураган буря шторм тайфун тайфуна توفان طوفان إعصار عاصفة הוריקן סופה טייפון
snow blizzard snowfall снег снегопад برف ثلوج שלג
heatwave heat жара گرما حر שרב חום
nuclear atomic enrichment centrifuge ядерный атомный обогащение центрифуга هسته‌ای اتمی سانتریفیوژ نووي ذري
nuclear גרעין גרעיני צנטריפוגה
reactor plant аэс электростанция реактор نیروگاه راکتور محطة مفاعل כור תחנת
defence defense military army оборона оборонный военный армия نظامی ارتش دفاع جيش عسكري צבא צבאי ביטחון
ministry министерство минобороны وزارت وزارة משרד
minister министр وزیر وزير שר
resign resignation отставка استعفا استقالة התפטר התפטרות
president президент رئیس‌جمهور رئيس נשיא
government cabinet правительство кабинет دولت حكومة ממשלה
parliament duma mp lawmaker парламент дума госдума депутат مجلس نماینده برلمان نواب כנסת פרלמנט
talk negotiation negotiate mediate mediation mediator переговоры посредник посредничество посредничать مذاکره
talk مذاکرات میانجی مفاوضات وساطة محادثات משא מתווך תיווך
talk envoy delegation delegate посланник делегация делегат فرستاده هیئت مبعوث وفد שליח משלחת
ceasefire truce перемирие آتش‌بس هدنة הפסקה
peace мир мирный صلح سلام שלום
treaty agreement pact deal accord договор соглашение توافق قرارداد توافق‌نامه اتفاق اتفاقية معاهدة הסכם
sign подписать подписал امضا توقيع توقعان חתימה חתמו נחתם
sanction санкция تحریم عقوبة عقوبات סנקציות
oil crude нефть нефтяной نفت نفط نفطي נפט
petrol gasoline fuel бензин топливо горючее بنزین سوخت بنزين وقود דלק בנזין
gas газ газовый گاز غاز גז
port harbour порт гавань بندر ميناء مرفأ נמל
tanker ship vessel танкер судно корабль نفتکش کشتی ناقلة سفينة מכלית ספינה אונייה
export экспорт вывоз صادرات تصدير יצוא
ban prohibit запрет запретить ممنوع ممنوعیت حظر איסור
refinery нпз нефтеперерабатывающий پالایشگاه مصفاة مصافي בתי‌זיקוק
price cost цена стоимость قیمت نرخ بها سعر أسعار מחיר
dollar доллар دلار دولار דולר
rial ریال ريال ריאל
rouble ruble рубль روبل רובל
bank банк بانک مصرف مصارف بنك בנק
rate ставка فائدة ריבית
inflation инфляция تورم تضخم אינפלציה
budget бюджет بودجه موازنة ميزانية תקציב
tax налог مالیات ضريبة מס
market рынок بازار سوق שוק
union labour worker забастовка профсоюз اعتصاب کارگر إضراب عمال نقابة שביתה עובדים ועד הסתדרות
walkout stoppage стачка تحصن
protest rally demonstration demonstrator протест митинг демонстрация اعتراض تجمع معترض احتجاج مظاهرة محتج מחאה
protest הפגנה מפגינים
police полиция پلیس شرطة משטרה
arrest detain арест задержать задержан بازداشت دستگیر اعتقال توقيف מעצר נעצר custody apprehend арестовать арестован
court trial judge суд судья دادگاه قاضی محكمة قاض משפט שופט
prison prisoner jail тюрьма заключенный пленный زندان زندانی سجن سجين أسير כלא אסיר
election vote ballot выборы голосование انتخابات رأی انتخاب تصويت בחירות הצבעה
hospital больница بیمارستان مستشفى בית‌חולים
school школа مدرسه مدرسة ביהס תיכון
teacher учитель معلم معلمان مدرس أستاذ מורה מורים
flight airline airport plane рейс самолёт авиакомпания аэропорт پرواز فرودگاه هواپیما رحلة مطار طيران טיסה
flight תעופה שדה
train railway rail поезд железная قطار راه‌آهن سكة רכבת
road highway bridge дорога трасса мост جاده پل طريق جسر כביש גשר
car vehicle автомобиль машина خودرو سيارة רכב מכונית
truck trucker lorry driver грузовик дальнобойщик کامیون کامیون‌دار راننده شاحنة سائق משאית נהג
film movie drama фильм кино فیلم سینما فيلم סרט קולנוע
prize award winner win премия приз лауреат победитель جایزه برنده جائزة فوز פרס זכה
festival фестиваль جشنواره مهرجان פסטיבל
nobel нобелевский нобель نوبل נובל
match game final cup матч финал кубок مسابقه فینال جام مباراة نهائي كأس משחק גמר גביע
goal гол мяч گل هدف שער
penalty пенальти پنالتی جزاء פנדל
champion championship чемпион чемпионат قهرمان بطل بطولة אלוף אליפות
football soccer футбол فوتبال كرة כדורגל
team squad сборная команда تیم منتخب فريق נבחרת קבוצה
chess шахматы شطرنج שחמט
cat кот кошка گربه قط חתול
space satellite космос спутник فضا ماهواره فضاء לוויין חלל
internet cyber hack site website интернет кибератака хакер сайт سایبری هک سایت إنترنت سيبراني موقع סייבר האקר
internet אתר
cloud outage облако сбой اختلال ابری قطعی عطل سحابي ענן תקלה
electricity power electric электричество свет برق کهرباء كهرباء חשמל
water вода آب ماء מים
virus flu vaccine вирус грипп прививка вакцина ویروس آنفلوآنزا واکسن فيروس إنفلونزا لقاح נגיף שפעת חיסון וירוס
hostage captive заложник گروگان رهينة חטוף חטופים
evacuate evacuation эвакуация эвакуировать تخلیه إخلاء פינוי להתפנות
embassy ambassador diplomat diplomacy посольство посол дипломат سفارت سفیر دیپلمات سفارة سفير דיפלומט שגריר
embassy שגרירות
summit саммит اجلاس نشست قمة פסגה
visit визит سفر دیدار زيارة ביקור
border граница گذرگاه مرز حدود معبر גבול
village hamlet town село деревня посёлок روستا قرية بلدة כפר יישוב
building tower здание дом ساختمان مبنى بناية בניין
rubble debris завал обломки آوار أنقاض הריסות
fighter jet истребитель جنگنده مقاتلة מטוס מטוסים
un оон أمم אום
second вторая второй دوم ثان שני
third третий سوم ثالث שלישי
first первый نخستین اولین أول ראשון
record рекорд рекордный رکورد تاریخی قياسي تاريخ שיא שפל
low fall drop slump снизить снижение упал падение سقوط کاهش هبوط تراجع ירידה צניחה
rise hike climb surge jump вырос рост подорожание افزایش ارتفاع زيادة עלייה מייקר
cut сократить снизил کاهش خفض קיצוץ
million миллион میلیون مليون מיליון
billion миллиард میلیارد مليار מיליארד
festivity celebrate celebration праздник отметить جشن احتفال חגיגה חגגו
auction carpet ковёр فرش سجاد שטיח
corridor transit коридор транзит ترانزیت عبور ממר מעבר
reserve aid humanitarian гуманитарный помощь کمک مساعدات סיוע
refugee migrant беженец мигрант پناهنده مهاجر لاجئ פליט מהגר
terror terrorist terrorism теракт террорист терроризм ترور تروریستی إرهاب טרור פיגוע
commander general officer командир генерал فرمانده قائد ضابط מפקד בכיר
official source чиновник источник مقام منبع مسؤول مصدر
spokesman spokesperson пресс-секретарь سخنگو متحدث ناطق דובר
"""


@lru_cache(maxsize=1)
def _concepts() -> dict[str, str]:
    """Index term -> concept: the first word of its line."""
    found: dict[str, str] = {}
    for line in _DICTIONARY.strip().splitlines():
        words = line.split()
        for word in words:
            for term in terms(word.replace("_", "")):
                found.setdefault(term, words[0])
    return found


def concept(term: str) -> str | None:
    """What an index term means, in whatever language; None for what is not in the dictionary."""
    return _concepts().get(term)


# What kind of news the concepts are of: reports of one thread seldom share words, and often the kind.
_FIELDS = """
war strike attack drone missile retaliate explosion intercept defence fighter idf hezbollah hamas hostage terror
war commander injure
diplomacy talk ceasefire peace treaty sign embassy summit visit
atom nuclear reactor
disaster earthquake tsunami flood hurricane snow heatwave rescue rubble fire
energy oil petrol gas tanker refinery
trade port export corridor sanction ban
economy price dollar rial rouble bank rate inflation budget tax market low rise cut
labour union walkout
politics parliament election resign protest government
justice police arrest court prison
sport match goal penalty champion football team chess
culture film prize festival auction nobel festivity
health hospital virus
learning school teacher
transport flight train road car truck
technology space internet cloud electricity
movement refugee evacuate border
"""


@lru_cache(maxsize=1)
def _field_of() -> dict[str, str]:
    lines = [line.split() for line in _FIELDS.strip().splitlines()]
    return {f"={name}": f"@{field}" for field, *names in lines for name in names}


def fields(found: frozenset[str]) -> frozenset[str]:
    """The kinds of news (@kind) that the concepts among these features belong to."""
    kinds = _field_of()
    return frozenset([kinds[feature] for feature in found if feature in kinds])


# What a word of the dictionary in each language is written with. Persian and Arabic share most letters, and most words.
_WRITTEN = {
    "en": "[a-z-]+", "ru": "[а-яё-]+", "he": "[א-ת\u200c]+", "ar": "[ء-ي]+",
    "fa": "[ء-بت-قل-وپچژکگی\u200c]+",
}  # fmt: skip


def vocabulary(lang: str | None) -> list[str]:
    """The dictionary's words of a language; all of them where it has none of it."""
    words = _DICTIONARY.split()
    written = _WRITTEN.get(lang or "")
    return [word for word in words if re.fullmatch(written, word)] if written else words


# Concepts that thousands of headlines of one week share: where something happens, not what.
_FRAME_WORDS = """
iran israel russia ukraine usa china lebanon syria iraq turkey georgia europe qatar italy germany japan egypt tehran
britain france india pakistan afghanistan oman saudi yemen kazakhstan armenia azerbaijan belarus poland
jerusalem moscow kremlin gaza president government minister million billion first second third official spokesman
"""
FRAMES = frozenset(f"={name}" for name in _FRAME_WORDS.split())


@lru_cache(maxsize=1)
def _spellings() -> dict[str, tuple[str, ...]]:
    """Concept -> its index terms in all languages."""
    found: dict[str, list[str]] = {}
    for term, name in _concepts().items():
        found.setdefault(name, []).append(term)
    return {name: tuple(terms_) for name, terms_ in found.items()}


def kin(index_terms: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """For each concept that these terms name, every index term that names it, in whatever language."""
    known = _concepts()
    names = dict.fromkeys(known[term] for term in index_terms if term in known)
    return tuple(_spellings()[name] for name in names)


def telling(shared: frozenset[str]) -> int:
    """How many of the features say what happened, and not merely where or who governs there."""
    return len(shared - FRAMES)


# Consonants by the class that transliterations agree on; what is missing here (vowels, h, y, w, 'ayn) disappears.
# Letters in _EITHER are written as a consonant in one script and left out in another: both spellings are kept.
_CLASSES = {
    "B": "bpfбпфبپفבפ", "T": "tdтдتطدثתטד", "S": "szjсшщжзцчسصزژشجچذظضסזשצ", "K": "kcqgкكکقخغگקכגח", "L": "lлلל",
    "R": "rрرר", "M": "mмمמ", "N": "nнنנ",
}  # fmt: skip
_CLASS_OF = {letter: name for name, letters in _CLASSES.items() for letter in letters}
_EITHER = {"v": "B", "в": "B", "х": "K", "г": "K"}
_DIGRAPHS = re.compile("tch|sch|ch|sh|zh|ts|tz|дж|тс|тш")
_ASPIRATED = re.compile("(?<=[kgdtp])h")
_CASED = re.compile("[a-z\u0400-\u052f]")
_DOUBLE = re.compile(r"(.)\1+")
LEAST_CONSONANTS = 3  # of a name: two consonants name everything


def _skeletons(word: str) -> tuple[str, ...]:
    """The consonant classes of a name, with and without the letters that scripts disagree on."""
    plain = _ASPIRATED.sub("", _DIGRAPHS.sub("s", word))
    found = set()
    for keep in (True, False):
        mapped = "".join(_CLASS_OF.get(letter) or (_EITHER.get(letter, "") if keep else "") for letter in plain)
        shape = _DOUBLE.sub(r"\1", mapped)
        if len(shape) >= LEAST_CONSONANTS:
            found.add(f"~{shape}")
    return tuple(sorted(found))


def features(title: str, summary: str, index_terms: Iterable[str]) -> frozenset[str]:
    """Concepts (=word), names (~CONSONANTS) and figures of a headline: what survives translation."""
    known, found = _concepts(), set[str]()
    for term in index_terms:
        concept = known.get(term)
        if concept:
            found.add(f"={concept}")
        elif term[0].isdigit():
            found.add(term)
    maybe = [word for word in f"{title} {summary}".split() if not "a" <= word[0] <= "z"]  # most words, no look-up
    return frozenset(found.union(*map(_named, maybe)))


@lru_cache(maxsize=1 << 15)
def _named(written: str) -> frozenset[str]:
    """The shapes of a word that may be a name: it has a capital where its script has, and is no known concept."""
    first = written[0]
    if first.isalpha() and not first.isupper() and first.lower() != first.upper():
        return frozenset()
    known, found = _concepts(), set[str]()
    for term, word in readable(written).items():
        if term in known or term[0].isdigit():
            continue
        found.update(_skeletons(term))  # without clitics, and without the endings of cases
        if _CASED.match(word):
            found.update(_skeletons(word))  # endings that look like a case may be part of the name: Новороссийск
    return frozenset(found)
