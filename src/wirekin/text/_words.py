"""Word tables: the stop words of thirteen languages, demonyms, and the words that outlets are named with."""

from __future__ import annotations

from wirekin.text._fold import fold

__all__ = ["DEMONYMS", "OUTLET_WORDS", "STOP_WORDS"]

# The commonest words of news titles that say nothing about an event. In order en ru fa ar he, then the closed-class
# words of de fr es it pt nl pl tr that are frequent enough to look like content in a small window (2026-11).
_STOP_TEXT = """
    a about after again against all also am amid among an and any are as at be been before being between both but by
    can could did do does doing down during each even ever for from further get gets got had has have having he her
    here hers him his how i if in into is it its itself just let like may me might more most much must my new no nor
    not now of off on once one only or other our out over own per s said same say says see she should so some such t
    than that the their them then there these they this those through to today too two under until up upon us very via
    was we were what when where which while who whom why will with within without would yet you your according told
    и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было вот от меня еще
    нет о из ему теперь когда даже ну ли если уже или ни быть был него до вас нибудь опять уж вам ведь там потом себя
    ничего ей может они тут где есть надо ней для мы тебя их чем была сам чтоб без будто чего раз тоже себе под будет
    ж тогда кто этот того потому этого какой ним здесь этом один почти мой тем чтобы нее были куда зачем всех можно
    при об это после над через эти нас про них какая много разве эту свою этой перед иногда том такой им более всю
    между году года год сообщил сообщила сообщили заявил заявила заявили рассказал рассказали также из-за
    der die das und ist im den von zu mit auf fur des dem ein eine nicht als auch sich wird nach bei aus
    le la les du et en un une est pour que qui dans sur au aux par pas plus avec ne se ce sont des
    el los las del y al con por para es una como mas su sus lo
    il di che della dei nel alla gli per sono piu delle
    o os da do dos em um uma na no nao com ao se mais
    het een van te voor niet zijn op aan
    w z na sie nie do jest ze po od za przez oraz
    ve bir bu da de icin ile
    و در به از که این ان را با است برای تا بر هم یک خود شد شده می کرد کرده نیز اما یا بود باید او ما شما های ها
    هر پس پیش بین دو سه اند کند کنند شود شدند گفت دارد ندارد نیست همین همه چه چرا ای کردند خواهد روی
    فی من علی الی عن مع ان انه انها هذا هذه ذلك تلك التی الذی الذین ما لا لم لن قد کان کانت هو هی هم او ثم بعد قبل
    بین کل عند حتی اذا لکن ایضا غیر حول ضد خلال منذ لدی وقد وان بان الا قال قالت یوم
    של את על עמ עם לא זה זאת הוא היא הם הן אני יש אינ או כי גמ רק אכ אבל אל בינ עד כל לפי אחרי לפני מה מי כמו יותר
    עוד היה היו להיות אשר כדי אלה אלו אין זו ידי
"""
STOP_WORDS = frozenset(fold(word) for word in _STOP_TEXT.split())
"""Folded words that are not indexed."""

# Adjective or people -> country, spelt as folded stems; world knowledge, not fitted to any set (2026-11).
DEMONYMS = {
    "iranian": "iran", "israeli": "israel", "iraqi": "iraq", "russian": "russia", "ukrainian": "ukraine",
    "american": "america", "chinese": "china", "british": "britain", "briton": "britain", "french": "france",
    "german": "germany", "italian": "italy", "spanish": "spain", "turkish": "turkey", "syrian": "syria",
    "lebanese": "lebanon", "palestinian": "palestine", "egyptian": "egypt", "saudi": "saudi", "yemeni": "yemen",
    "indian": "india", "pakistani": "pakistan", "afghan": "afghanistan", "japanese": "japan", "korean": "korea",
    "canadian": "canada", "australian": "australia", "mexican": "mexico", "brazilian": "brazil", "polish": "poland",
    "dutch": "netherlands", "greek": "greece", "swedish": "sweden", "georgian": "georgia", "european": "europe",
    "kurdish": "kurd", "qatari": "qatar", "omani": "oman", "armenian": "armenia", "azerbaijani": "azerbaijan",
    "belarusian": "belarus", "nigerian": "nigeria", "kremlin": "kremlin", "nuke": "nuclear",
}  # fmt: skip
"""Adjective or people -> country, folded."""

_OUTLET_TEXT = """
    news times post daily herald tribune guardian journal gazette observer telegraph standard chronicle press today
    magazine weekly tv radio media network bbc cnn reuters ap afp npr cbs nbc abc cnbc msnbc fox bloomberg independent
    mirror express sun mail star globe ledger courier dispatch examiner sentinel inquirer register bulletin argus
    broadcasting online newspaper aljazeera jazeera politico axios vox slate wired verge atlantic economist ynet haaretz
    meduza euronews dw rfi spiegel welt monde figaro pais zeit
    новости риа тасс интерфакс газета известия ведомости коммерсантъ вести рбк лента медуза правда комсомольская
    фонтанка регнум вестник обозрение телеграф тв радио
    خبرگزاری نیوز انلاین روزنامه ایرنا ایسنا فارس تسنیم مهر ایلنا رادیو تلویزیون همشهری
    صحیفه وکاله قناه الجزیره العربیه جریده موقع بوابه
    חדשות ynet הארצ מעריב וואלה כאנ גלובס כלכליסט
"""
OUTLET_WORDS = frozenset(fold(word) for word in _OUTLET_TEXT.split())
"""Folded words that outlets are named with: a capitalised tail with one of them is plainly an outlet."""
