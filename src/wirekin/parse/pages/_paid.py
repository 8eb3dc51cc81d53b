"""Recognise paid content: a card with a label, an attribute, or a mark before its title that says so."""

from __future__ import annotations

import re
from functools import lru_cache

from wirekin.parse.pages._dom import Element

MAX_LABEL_CHARS = 40

# Partners that are media do not pay for an article: "In collaborazione con IrpiMedia", "En partenariat avec Radio X".
_NO_MEDIUM = (
    r"(?!.*(?:media\b|médias?\b|medien\b|radio|rádio|\btv\b|\btélé|press[ea]?\b|zeitung|rundfunk|journal|giornale|"
    r"diario|periódico|redaktion|rédaction|redazione|nachrichten|recherche|inchiest))"
)
_PAID_LABEL = re.compile(
    r"(?:ads?(?: · .{2,30})?|advert|"
    r"sponsor(?:ed)?(?: content| post| stor(?:y|ies)| article)?(?: by .{2,30}| ?[:·|] .{2,30})?|"
    r"advertisement|advertorial|promoted(?: content| by .{2,30})?|paid (?:post|content|programme?|program|partnership)|"
    r"(?:ad|advertis(?:ement|ing)) feature|advertiser content|from our (?:sponsors?|partners?)|"
    r"partner(?:ed)? content|brand(?:ed)? content|(?:anzeige|werbung|gesponsert|präsentiert)(?: von(?: .{2,30})?)?|"
    r"(?:anzeigen)?sonderveröffentlichung|bezahlte(?:r inhalt| inhalte| partnerschaft)|"
    r"gesponserter? (?:inhalt|beitrag|artikel)|"
    r"advertentie|gesponsord|gesponsorde (?:inhoud|content)|betaalde (?:inhoud|content)|ingezonden mededeling|"
    r"partnerbijdrage|annons|annonce|reklame|"
    r"(?:contenuto |articolo )?sponsorizzato(?: da .{2,30})?|pubblicità|publiredazionale|messaggio promozionale|"
    r"(?:contenido |espacio )?patrocinado(?: por .{2,30})?|publicidad|remitido|contenido promocionado|"
    r"contenido ofrecido por .{2,30}|"
    r"publirreportaje|contenido de marca|conteúdo (?:patrocinado|de marca)|publicidade|publieditorial|"
    r"informe publicitário|(?:informazione|messaggio) pubblicitari[ao]|contenuto promozionale|"
    r"(?:annoncørbetalt(?: indhold)?|annonse|annonsørinnhold)(?: (?:fra|af) .{2,30})?|"
    r"(?:paid for|presented|brought to you) by(?: .{2,30})?|aangeboden door .{2,30}|of(?:r|er)ecido por .{2,30}|"
    r"(?:contenu |article )?sponsorisé(?: par .{2,30})?|publicité|publi-?reportage|publi-?rédactionnel|"
    r"(?:in collaborazione con|in kooperation mit|en partenariat avec|en colaboración con|בשיתוף) "
    rf"{_NO_MEDIUM}.{{2,30}}|"
    r"contenu (?:partenaire|de marque|proposé par .{2,30})|"
    r"реклама(?: ?[.·|•] .{2,30}| \d{1,2}\+)?|.{0,20}\berid\b.{0,20}|"
    r"на правах рекламы|партн[её]рский (?:материал|проект)|спонсорский материал|промо|"
    r"(?:materiał|artykuł|tekst) (?:sponsorowany|partnera|promocyjny)|współpraca reklamowa|"
    r"на правах реклами|спонсорський матеріал|(?:placená )?inzerce|komerční sdělení|hirdetés|"
    r"(?:szponzorált|támogatott|fizetett) tartalom|publicitate|διαφήμιση|χορηγούμενο(?: περιεχόμενο)?|mainos|"
    r"kaupallinen yhteistyö|betalt innehåll|sponsrat(?: innehåll)?|iklan|konten bersponsor|"
    r"(?:nội dung )?tài trợ|quảng cáo|โฆษณา|sponzorirano|plaćeni sadržaj|"
    r"plaćeni oglas|oglas|plačana objava|платен[ао] (?:съдържание|публикация)|новини компаній|жарнама|գովազդ|რეკლამა|"
    r"reklāma|reklaam|sisuturundus|auglýsing|reklamë|tangazo|publicitat|contingut patrocinat|publizitatea|اشتہار|"
    r"বিজ্ঞাপন|ప్రకటన|விளம்பரம்|"
    r"(?:resmi )?ilan|tanıtım|reklama|reklam|sponsorlu(?: içerik)?|إعلان(?: مدفوع)?|"
    r"(?:محتوى|مادة) (?:مدفوع|برعاية|إعلانية?|ممول)|برعاية(?: .{2,30})?|"
    r"آگهی|رپو?رتاژ(?: آگهی)?|تبلیغات?|محتوای تبلیغاتی|"
    r"מודעה|פרסומת|תוכן (?:שיווקי|ממומן|מסחרי|מקודם|פרסומי)|ממומן|מקודם|pr|広告|提供(?:[:：].{1,30})?|タイアップ|"
    r"スポンサード|광고|협찬|제휴콘텐츠|애드버토리얼|广告|廣告|推广|推廣|赞助(?:内容)?|贊助(?:內容)?|विज्ञापन)",
    re.IGNORECASE,
)
_PAID_NAME = re.compile(
    r"data-(?:is-)?(?:sponsor\w*|advertis\w*|advertorial|native-?ad\w*|paid(?:-?(?:content|post))?|promoted|branded)"
)
_RATED = re.compile(r' (rel|aria-label|data-[^ =]*)="([^"]*)"(?= |$)')
_FALSE = frozenset({"false", "0", "no", "none", "null"})
_PAID_PREFIX = re.compile(rf"^[\[【(（［]\s*(?:{_PAID_LABEL.pattern})\s*[\]】)）］]", re.IGNORECASE)


def is_paid_label(words: str) -> bool:
    """True for words that are a label of paid content and nothing else."""
    return _says_paid(words.strip(" :·|[]()【】-–—*"))


@lru_cache(maxsize=512)
def _names_paid(attribute: str) -> bool:
    return bool(_PAID_NAME.fullmatch(attribute))


def _says_paid(value: str) -> bool:
    return len(value) <= MAX_LABEL_CHARS and _is_label_of_paid(value)


@lru_cache(maxsize=4096)
def _is_label_of_paid(value: str) -> bool:
    return bool(_PAID_LABEL.fullmatch(value.strip()))


def _is_paid_by(name: str, value: str) -> bool:
    return (_names_paid(name) and value.lower() not in _FALSE) or (value != "" and _says_paid(value))


def is_paid_by_attributes(one: Element) -> bool:
    """True for attributes of paid content: rel="sponsored", data-native-ad, aria-label="Advertisement"."""
    written = one.written
    if not written or not (" data-" in written or ' rel="' in written or " aria-label" in written):
        return False
    for name, value in _RATED.findall(written):
        if name == "rel":
            if "sponsored" in value.lower().split():
                return True
        elif _is_paid_by(name, value):
            return True
    return False


def is_paid(card: Element, link: Element) -> bool:
    """True for a card that says it is paid for: "Sponsored" above its title, or "[PR]" before it."""
    for part in card.walk():
        if part.written and is_paid_by_attributes(part):
            return True
        if part.end - part.order < 2 and part.tag != "a" and part.has_words and is_paid_label(part.text()):
            return True
    return bool(_PAID_PREFIX.match(link.text()))
