"""Words that headlines of any story hold: days and hours, small numbers, people and places in general, plain verbs.

English, Russian, Persian, Arabic and Hebrew, compiled by hand from general knowledge (2026-11-29).
"""

from __future__ import annotations

from functools import cache

from wirekin.text._fold import tokens
from wirekin.text._words import STOP_WORDS

__all__ = ["common_words", "everyday_words"]

_WORDS = """
first second third fourth last next former early earlier late later latest recent recently ago soon always never often
still already yet since day daily week weekly weekend month year decade century time hour minute moment morning
afternoon evening night overnight midnight tonight tomorrow yesterday monday tuesday wednesday thursday friday saturday
sunday january february march april june july august september october november december
three four five six seven eight nine ten twelve dozen hundred thousand million billion half several many few lot number
part percent
old young big biggest small little great greater large largest huge top high higher low long short full good bad better
best worst hard easy real true whole main major key different special ready able likely possible important
people person man men woman women child children family friend life home house place area region country world nation
national state city town local global public way thing side end start case fact point question answer reason problem
issue idea story word name kind group member leader head chief official expert spokesman spokeswoman authority
east west north south eastern western northern southern middle central
begin bring come go going gone went make making made take taken took give given gave look see seen saw know known think
thought want wanting need try use used find found keep kept leave left put set show shown turn move moving run call
called ask asked tell speak hear feel become remain stay happen continue follow following lead seek mean expect plan
help hold held face meet open reach return work working stop change join add believe appear seem let live living stand
sit walk wait play watch read write learn lose reveal announce claim report reported describe explain confirm
deny warn urge vow hope fear welcome
back ahead away near nearly around across along behind beside beyond another every together almost really simply well
far quite rather enough instead despite because though although whether either
news live update breaking video photo picture image review opinion analysis column exclusive interview briefing
первый вторая второй третий последний последняя новый новая новые старый большой больше меньше день дня дней дни неделя
неделю недели месяц месяца время времени час часа часов минут утро утром вечер вечером ночь ночью ночной сутки вчера
сегодня завтра понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье январь января февраль
февраля март марта апрель апреля май мая июнь июня июль июля август августа сентябрь сентября октябрь октября ноябрь
ноября декабрь декабря лет век три четыре пять шесть семь восемь девять десять сто тысяча миллион миллиард несколько
часть половина процент
человек люди людей мужчина женщина ребёнок дети семья друг жизнь дом место область район регион страна страны мир мира
народ государство город города крупнейший крупный главный главное важный хороший лучший плохой малый высокий низкий
длинный полный готовый готов нужный дело случай вопрос ответ причина проблема слово имя группа член глава лидер эксперт
власти сторона стороны конец начало начать начал стать стал стало станет сделать делать дать взять идти пойти прийти
видеть знать думать хотеть хочет найти нашли оставить остаться остался показать назвать назвал просить сказать говорить
рассказать объяснить пояснил сообщать заявить подтвердить призвать ждать ждёт понять помочь работать работа жить стоять
получить получит получил пройти прошёл прошли держать вернуть вернуться продолжить ожидать считать оказаться решить
решил решение принять принял новость новости видео фото мнение колонка интервью итоги восток запад север юг назад вперёд
рядом около вместе ещё снова почти очень просто каждый другой
روز روزه هفته ماه سال ساعت دقیقه صبح شب عصر امروز دیروز فردا امشب شنبه یکشنبه دوشنبه چهارشنبه پنجشنبه جمعه
اول نخست نخستین دوم سوم آخر آخرین جدید قدیمی بزرگ کوچک زیاد کم بسیار چهار پنج شش هفت هشت نه ده صد هزار چند نیمی درصد
نفر مردم مرد زن کودک خانواده زندگی خانه جا منطقه کشور جهان شهر محلی ملی عمومی راه طرف پایان آغاز مورد سوال پاسخ
علت مشکل نام گروه عضو رهبر کارشناس اعلام خبر گزارش داد دهد داده دادند گرفت گرفته آمد رفت رسید رسیده دید گفته خواست
ادامه شروع تغییر کار باز دیگر دوباره همچنان نزدیک شرق غرب شمال جنوب فیلم عکس تصویر زمان وقت
ايام اسبوع شهر شهرا عام سنة ساعة دقيقة صباح مساء ليل ليلة اليوم امس غدا الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعة
السبت اول اولى ثاني ثالث اخر اخير جديد قديم كبير صغير كثير قليل اربعة خمسة ستة سبعة ثمانية تسعة عشرة مئة الف عدة
نصف بالمئة شخص اشخاص ناس رجل امرأة طفل عائلة حياة بيت مكان منطقة بلد دولة عالم مدينة محلي وطني طريقة جانب نهاية
بداية حالة سؤال جواب سبب مشكلة اسم مجموعة عضو زعيم خبير اعلن اعلان خبر تقرير اكد قدم اخذ جاء ذهب وصل رأى يريد
طلب يواصل بدأ تغيير عمل مفتوح مرة اخرى قرب فيديو صورة زمن
יום ימים שבוע חודש שנה שעה דקה בוקר ערב לילה היום אתמול מחר ראשון שני שלישי רביעי חמישי שישי שבת אחרון חדש ישן גדול
קטן הרבה מעט שלוש ארבע חמש שש שבע שמונה תשע עשר מאה אלף כמה חצי אחוז אדם אנשים איש גבר אישה ילד משפחה חיים בית מקום
אזור מדינה עולם עיר מקומי לאומי ציבור דרך צד סוף התחלה מקרה שאלה תשובה סיבה בעיה שם קבוצה חבר מנהיג ראש מומחה הודיע
הודעה חדשות דיווח אישר נתן לקח בא הלך הגיע ראה רוצה ביקש ממשיך התחיל שינוי עבודה פתוח שוב קרוב מזרח מערב צפון דרום
וידאו תמונה זמן
"""


@cache
def everyday_words() -> tuple[str, ...]:
    """The everyday words, folded."""
    return tokens(_WORDS)


@cache
def common_words() -> frozenset[str]:
    """Everyday words and stop words: a word of running text is more often one of them than not."""
    return STOP_WORDS.union(everyday_words())
