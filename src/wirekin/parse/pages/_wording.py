"""Weigh and judge a link's words: how many they are, and whether they name an article at all or say "Read more"."""

from __future__ import annotations

import re
from functools import lru_cache

from wirekin import text

MAX_KEPT = 300  # longest text, in characters, that is looked at here and cached
MAX_SENTENCES = 4_000  # longest block, in characters, whose words are counted for each link; a longer one's only once
IN_SLUG = re.compile(r"[^\W_]+")  # a word of an address
_MORE_OF = (
    r"all|more|stor(?:y|ies)|news|articles?|posts?|pages?|comments?|coverage|details|headlines|updates|videos?|photos|"
    r"galler(?:y|ies)|from|about|on|in|by|of the|this|our|your|latest|related|similar|entries|items"
)
# After "All events" only a short word may follow: "of the week". "Alle Veranstaltungen abgesagt" is a headline.
_OF_WHAT = r"(?: (?:\w{1,3}|über|dell\w|heute|hoy|oggi)\b[^.!?,:]{0,20})"
_GENERIC = re.compile(
    r"^(?:(?:read|learn|find out|continue|click|leave a|weiterlesen|lire (?:la|le|l['’]article|plus|aussi)|en savoir|"
    r"leer|seguir leyendo|"
    r"zu[mr] (?:artikel(?! \d)|beitrag|bericht|video|deal|angebot|shop|galerie)|"
    r"leggi (?:tutt\w|anche|ancora|altro|di più|qui|ora|il|la|lo|l['’]\w+)|continua a|devamı|"
    r"lees (?:meer|verder|het|de)|læs mere|les mer|läs mer|lue lisää|czytaj (?:więcej|dalej|całość)|celý článek|"
    r"číst (?:více|dále?|celý)|"
    r"leia mais|saiba mais|citește mai|selengkapnya|baca selengkapnya|xem (?:thêm|tiếp)|διαβάστε (?:περισσότερα|το)|"
    r"читать|подробнее|далее|показать|детальніше|читати (?:далі|більше|також|повністю))\b[^.!?,]{0,30}|leggi|"
    r"(?:tutt[ei] (?:le|gli|i)|tod[ao]s (?:las|los|as|os)|toute?s les|alle|все|всі|tüm|wszystkie|všechny|toate|όλες οι|"
    r"כל ה|كل|كافة|همه|semua) (?:ultime |últimas |aktuellen |последние )?(?:"
    r"(?:notizie|news|articoli|noticias|notícias|art[ií]culos|artigos|actualités|actus|articles|nachrichten|artikel|"
    r"meldungen|berichten|nieuws\w*|nyheder|nyheter|новости|статьи|новини|haberler|wiadomości|artykuły|zprávy|články|"
    rf"știrile|ειδήσεις|חדשות|الأخبار|اخبار|berita)(?:{_OF_WHAT}| [^\s.!?,:]{{1,23}})?|"
    rf"(?:citas|eventos|eventi|événements|termine|veranstaltungen|события|події|wydarzenia|akce|etkinlikler){_OF_WHAT}?)|"
    # Of more words it is a headline.
    r"(?:اقرأ|المزيد|مزيد|التفاصيل|ادامه|بیشتر|مشاهده همه|קרא|קראו)(?: [^\s:]{1,14}){0,3}|"
    rf"(?:see|view|show|more|full|all|next|previous|older|newer) (?:{_MORE_OF})\b[^.!?,:]{{0,30}}|"
    # "More science and nature stories", but not "More rain is bad news"
    r"more [^\s.!?,:]{1,14}(?: (?:and|&) [^\s.!?,:]{1,14})? (?:stories|news|articles|headlines|videos)|"
    r"(?:see|view|show|go|more|full|next|previous|older|newer|share|reply|comments?|"
    r"mehr|lire|voir|suite|ver|más|continua|oku|"
    r"ещё|еще|بیشتر|עוד)(?: [^\s:]{1,14}){0,2}|"
    r"(?:n[°º]|№|issue|ausgabe|num[eé]ro|número|edición|edizione|выпуск|nummer|číslo|wydanie) ?[#№]? ?\d[\d\W]*|"
    r"(?:続き|もっと|さらに)[^。!?]{0,6}|(?:더보기|更多|查看)[^。!?]{0,4}|[^。、]{0,10}一覧(?:へ|を見る)?)$",
    re.IGNORECASE,
)
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_UNSPACED = re.compile(r"[\u0e01-\u0e2e\u0e81-\u0eae\u1000-\u102a\u1780-\u17b3]")  # letters: Thai, Lao, Burmese, Khmer
_WORD = re.compile(r"[^\W_]+[\u0900-\u0dff\u0e00-\u0eff]*(?:['’.,\u200c\u0900-\u0dff-]+[^\W_]+)*")


def is_generic(words: str) -> bool:
    """True for a link's text that names no article: "Read more", "12 comments", "3" of a pager."""
    return len(words) <= MAX_KEPT and _is_generic(words)


@lru_cache(maxsize=4096)  # called ten times per link
def _is_generic(words: str) -> bool:
    if words.isdigit():
        return len(words) < 4
    return bool(_GENERIC.match(words)) or bool(re.match(r"^\d+\s+\S+(?:\s\S+){0,4}$", words) and "comment" in words)


def is_button(words: str, address: str) -> bool:
    """True for a generic text that is not in the address: "Read more", but not "Share prices tumble"."""
    said = set(IN_SLUG.findall(text.fold(words))) if is_generic(words) else set()
    return bool(said) and not (len(said) > 2 and said <= set(IN_SLUG.findall(address.lower())))


def weight(words: str) -> int:
    """Count the words of a title. In scripts without blanks two CJK characters or four letters count as a word."""
    return (_weight if len(words) <= MAX_SENTENCES else _weight.__wrapped__)(words)  # 4,096 texts of 2 MB fill a worker


@lru_cache(maxsize=4096)
def _weight(words: str) -> int:
    if words.isascii():
        return len(_WORD.findall(words))
    dense = len(_DENSE.findall(words))
    return max(dense // 2 if dense >= 5 else len(_UNSPACED.findall(words)) // 4, len(_WORD.findall(words)))
