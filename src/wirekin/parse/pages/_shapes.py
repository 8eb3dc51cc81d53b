"""Classify addresses by their form alone: an article's, a section's, a person's, an offer's."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

from wirekin import urls

_ANY = "https://host.example/"  # a base for relative links, where only the form of the address matters
_DATED = re.compile(
    r"/\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/|"  # 961122
    r"/(?:19|20)\d{2}[/-]?(?:0?[1-9]|1[0-2]|[a-z]{3})(?:[/-]|\d{2}|$)|/(?:19|20)\d{2}/"
)
_ARCHIVE = re.compile(  # the archive of a year, a month or a day, or a numbered tag: "/tags-6360.html"
    r"/(?:19|20)\d{2}(?:[/-]\d{1,2}){0,2}/?$|/tags-\d+\.html?$", re.IGNORECASE
)
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_NUMBERED = re.compile(r"\d{4,}|(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{6,}$", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{5,}")
_ID = re.compile(r"\d{5,}|(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{6,}", re.IGNORECASE)  # a segment before a slug
# Queries for an article: "?id=7", "?ELEMENT_ID=812", "&aid=5231". Ids of categories, sessions or persons are excluded.
_ASKED_FOR = re.compile(
    r"(?:^|&)(?!(?:c|cat|category|s|sess|session|sect|section|rubric|tag|topic|user|author|page|vote|poll|banner|item)_?id=)"
    r"(?:\w*id|id_(?:article|breve|news)|p|art|article|story|news|post|entry|doc|read|no|nr|idx|sn|num|seq)=\w*\d|"
    r"(?:^|&)(?:article|breve|story|news|post|id)\d+(?:&|$)|(?:^|&)q=node/\d"  # "?article812", "?q=node/812"
)
# Queries with a number that select another page at the same path ("?readmore=4107"), and not another view of this one.
_OTHER_PAGE = re.compile(
    r"(?:^|&)(?!(?:p|pages?|paged|pagen\w*|pg|start|offset|limit|from|to|sort|order\w*|dir|lang|hl|print|format|output|mode|"
    r"tab|v|ver\w*|amp|share|reply\w*|comments?\w*|date|year|month|day|week|y|m|d|archives?|c|cat\w*|cid|tags?|topic\w*|"
    r"sect\w*|rubric\w*|author\w*|user\w*|s|q|query|search|filter\w*|ref\w*|source|src|utm_\w+|\w*clid|\w*sess\w*|"
    r"token|w|h|width|height|size|per_?page|count|display|skin|theme|style|font\w*|\w*_page|debut\w*|vote\w*|poll\w*)=)"
    r"\w+=\d{2,7}(?:&|$)"
)
# A parameter that tells more than where readers come from, as those of "?n_cid=NPMLN01" and "?utm_source=front" do.
_ASKS_MORE = re.compile(r"(?:^|&)(?!(?:\w*cid|\w*clid|utm_\w+|ref\w*|from|source|src|origin|campaign\w*|via)=)")
_FEED_ASKED_FOR = re.compile(
    r"(?:^|&)(?:do|act|action|mode|format|type|output|feed|view|task)=(?:rss2?|rdf|atom|feed)(?:&|$)"
)
# Joomla and similar systems name the kind of page: "index.php?option=com_content&view=category&id=170".
_LIST_ASKED_FOR = re.compile(
    r"(?:^|&)(?:view|task|act|mod)=(?:categor\w+|section|tag|archive|search|login|register)(?:&|$)"
)
_SLUG_WORDS = re.compile(r"[-_+ ]+")
_FILE = re.compile(r"\.(?:s?html?|php|aspx?|jsp|cms|ece|article)$", re.IGNORECASE)
_SCRIPT = re.compile(r"\.(?:php\d?|aspx?|jsp|cgi|do|pl)$")
MAX_COMMON_NAME = 20  # characters of a last segment that two articles may share: "index.html", "20261122-morning"
OFFERED = 6.0  # penalty for an address on a host of offers
_COPY = re.compile(
    r"/(?:print\w{0,9}|comments?|comentarios|kommentare|discussion|e?mail|send|share|alerts?|amp|pdf|embed)(?:\.[a-z]{3,5})?"
)
_COMMENT = re.compile(
    r"#(?:comment|reply)s?-?\d+$"
)  # "#comments" leads to all of them, as lists of the most discussed do
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:\.html?)?(?:/|$)", re.IGNORECASE)  # or a page, a size of it
_DOWNLOAD = re.compile(r"\.(?:pdf|jpe?g|png|gif|webp|zip|mp[34]|docx?|xlsx?|xml|rss|ics|apk|epub)$", re.IGNORECASE)
_LISTS = frozenset([
    "tag", "tags", "topic", "topics", "category", "categories", "cat", "label", "labels", "section", "sections",
    "rubric", "rubrics", "rubrik", "thema", "themen", "tema", "temas", "dossier", "hashtag", "keyword", "theme",
    "themes", "archive", "archives", "archivio", "archivo", "archiv",
    "archiwum", "arhiv", "arquivo", "arsiv", "page", "tagged", "series", "collection", "collections",
    "all-about", "chu-de", "topik", "temy", "temata", "stitky", "tagi", "cimke", "cimkek", "etiket", "etiketler",
    "konu", "teme", "tagovi", "etichete", "emne", "aihe", "amne", "etiquetas", "etiqueta", "mot-cle",
    "channel", "channels", "show", "shows", "project", "projects", "syuzhet", "syuzhety",
    "program", "programs", "programmes", "programas", "emissions", "sendungen",
])  # fmt: skip
_PROJECTS = frozenset({"project", "projects"})
_PEOPLE = frozenset([
    "author", "authors", "autor", "autoren", "autores", "autori", "auteur", "auteurs", "staff",
    "people", "person", "profile", "profiles", "user",
    "users", "member", "members", "writer", "writers", "columnist", "columnists", "contributor", "contributors",
    "team", "journalist", "redaktion", "by", "avtor", "authors-list",
])  # fmt: skip
_OFFERS = frozenset([
    "hirlevel", "nyhetsbrev", "nieuwsbrief", "uutiskirje", "boletines", "boletin", "bulten", "infolettre", "hirdetes",
    "inzerce", "predplatne", "prenumerata", "abonament", "assinatura", "abbonamenti", "suscripciones", "abonelik",
    "abonnement", "abonnements", "beneficio", "beneficios", "resmi-ilan", "resmi-ilanlar", "ilan", "ilanlar",
    "jeux", "juegos", "giochi", "oyunlar", "raetsel",
    "newsletter-anmeldung", "lettres-info", "infolettres", "bultenler", "e-bulten", "rassylka", "rassylki",
    "podkast", "podkasty", "podkasti", "podcastler", "suscripcion", "suscribete", "abbonati", "abonnez-vous",
    "abone-ol", "podpiska", "leserreisen", "leserreise", "boutique", "tienda", "partner-news", "partnerangebote",
    "tv-program", "tv-programm", "programme-tv", "horoskop", "horoskope", "horoscopo", "horoscopos", "oroscopo",
    "goroskop", "burclar", "subscribe", "subscription", "subscriptions", "newsletter", "newsletters", "login", "signin",
    "sign-in", "register", "signup", "account", "donate", "shop", "store", "podcasts", "apps", "app", "about",
    "about-us", "contact", "contacts", "help", "faq", "privacy", "terms", "legal", "imprint", "impressum", "advertise",
    "careers", "jobs", "search", "suche", "buscar", "login.php", "wp-login.php", "wp-admin",
    "cart", "checkout", "offers", "deals", "coupons",
    "ofertas", "descuentos", "sponsored", "partner", "partners", "partner-content", "advertorial", "paid-post",
    "promo", "promotions",
    "weather", "horoscope", "horoscopes", "games", "crosswords", "puzzles", "rss", "feed", "feeds", "sitemap",
    "static", "comment", "comments", "reply", "share", "print", "email", "preferences", "settings", "company",
    "corporate",
    "podcast", "services", "rules", "quote", "quotes", "join", "advertiser-content", "corrections", "live-tv",
    "tv", "radio", "sounds", "schedule", "event", "events", "evento", "eventi",
    "eventos", "veranstaltung", "veranstaltungen", "membership", "support",
    "vacancy", "vacancies", "vakansii", "stellenanzeigen", "stellenangebote",
    "obituaries", "obituary", "death-notices", "shopping", "contests",
    "concours", "concorsi", "concursos", "sorteos", "gewinnspiel", "gewinnspiele", "giveaway", "giveaways",
    "sweepstakes", "lyrics",
    "ad", "ads", "adclick", "adserver", "click", "native", "branded", "branded-content", "brand-studio", "advertorials",
    "promoted", "publirreportaje", "publireportage", "reklama", "reklam", "anzeige", "anzeigen", "werbung",
    "publicidad", "classifieds", "adsmanager", "clasificados", "kleinanzeigen", "abo", "gutscheine", "codespromo",
    "necrologie", "necrologi", "esquelas", "traueranzeigen", "avis-de-deces", "goto", "redir", "redirect",
])  # fmt: skip
_OFFERS_HOSTS = (_OFFERS - {"radio", "tv"}) | {  # "radio.example" is a publisher
    "tickets", "ticket", "entradas", "billetterie", "biglietti", "karten", "epaper", "e-paper", "kiosk", "kiosque",
    "edicola", "praca", "oglasi", "prodavnica", "ogloszenia", "stellenmarkt", "immobilien",
    "immobilier", "emploi", "empleo", "lavoro", "auctions", "club",
}  # fmt: skip
_GAMES = frozenset(["games", "jeux", "juegos", "giochi", "oyunlar"])
_STARS = frozenset(["horoskop", "horoskope", "horoscopo", "horoscopos", "oroscopo", "goroskop", "burclar"])
# And there is news of them.
_SUBJECTS = _GAMES | {"praca", "emploi", "empleo", "lavoro", "immobilien", "immobilier", "club"}
# Names of offers that are also desks of a newspaper.
_SELLING_DESKS = frozenset([
    "jobs", "careers", "event", "events", "evento", "eventi", "eventos", "veranstaltung", "veranstaltungen", "deals",
    "company", "app", "shopping", "obituaries", "obituary", "boutique", "tienda", "ilan", "ilanlar", "beneficio",
    "beneficios", "raetsel", "podpiska", "abonnement", "abonnements",
])  # fmt: skip
_TOLD_DESKS = _GAMES | _STARS | {"comment", "legal", "weather", "tv", "radio"}  # desks that sell nothing
_DESKS = _SELLING_DESKS | _TOLD_DESKS
# Click counters of adverts, and WordPress's addresses of comments.
_AD_CLICK = re.compile(
    r"click-?track|ad-?click|adserv|doubleclick|googlead|googlesyndication|/bitrix/rk\.php|/comment-page-\d",
)
_PAID_PLACES = frozenset([
    "sponsored", "sponsor", "sponsored-content", "paid-content", "paid-post", "partner-content", "partnercontent",
    "advertorial", "advertorials", "native", "branded", "branded-content", "brand-studio", "brandstudio", "brand-voice",
    "promoted", "publirreportaje", "publireportage", "contenido-patrocinado", "advertisement-feature", "reklama",
    "annonsorinnhold", "annoncorbetalt",
])  # fmt: skip
_SURELY_PAID = _PAID_PLACES - {"sponsor", "native", "branded", "promoted", "reklama"}  # these never hold news
_FORUM = re.compile(r"//forums?\.|[a-z]forums?\.[a-z]+/|/forums?(?:[/?.]|$)|/threads/|/(?:showthread|viewtopic)\.php")
_FORUM_DESK = re.compile(
    r"/forum/[^/.?\d-]+(?:-[^/.?\d-]+){3,}/?$"
)  # essays of a paper's "forum" desk; threads have ids
_SOCIAL = frozenset([
    "facebook.com", "twitter.com", "x.com", "t.me", "instagram.com", "youtube.com", "youtu.be", "tiktok.com",
    "linkedin.com", "pinterest.com", "whatsapp.com", "wa.me", "telegram.me", "vk.com", "ok.ru", "threads.net",
    "bsky.app", "mastodon.social", "snapchat.com", "flickr.com", "tumblr.com", "apple.com", "play.google.com",
    "addtoany.com", "addthis.com", "getpocket.com", "disqus.com",
])  # fmt: skip


def leads_to_paid(href: str) -> bool:
    """True for an address, as written, in a place for paid content: "/paid-content/", "/brand-studio"."""
    return not _PAID_PLACES.isdisjoint(href.lower().partition("?")[0].split("/"))


def anywhere(href: str) -> str:
    """Resolve an address against a placeholder, because only its form matters; an invalid one gives the placeholder."""
    if href.startswith("/") and "/." not in href and not href.startswith("//"):
        return f"{_ANY}{href[1:]}"
    try:
        return urljoin(_ANY, href)
    except ValueError:
        return _ANY


def leads_to_person(href: str) -> bool:
    """True for an address, as written, of a person's page, but not of an article about a person."""
    if _PEOPLE.isdisjoint(href.lower().split("/")):
        return False
    url = anywhere(href)
    return kind_of_address(url) == "person" and address_score(url) < 0


@lru_cache(maxsize=4096)
def is_dated(url: str) -> bool:
    """True for an address with a date or a year in its path, which articles have and products lack."""
    return bool(_DATED.search(urlsplit(url).path))


@lru_cache(maxsize=4096)
def sells(url: str) -> bool:
    """True for an address of "jobs.site.example": there all are offers. "lavoro.gov.it" is the site itself."""
    return not _OFFERS_HOSTS.isdisjoint(urls.hostname(url).removesuffix(urls.host_key(url)).split("."))


def tells_of_offers(url: str) -> bool:
    """True for a page at a host such as "praca.site.example", which has news of work beside its offers."""
    return sells(url) and not _SUBJECTS.isdisjoint(urls.hostname(url).split("."))


@lru_cache(maxsize=1024)
def is_paid_place(url: str) -> bool:
    """True for an address in a place for paid content whose name cannot be a desk's."""
    return not _SURELY_PAID.isdisjoint(urlsplit(url).path.lower().split("/"))


@lru_cache(maxsize=1024)
def is_forum(url: str) -> bool:
    """True for the address of what readers write to one another, and of no dated article of a desk called so."""
    return bool(_FORUM.search(url)) and not is_dated(url) and not _FORUM_DESK.search(url)


def is_comment(href: str) -> bool:
    """True for a link into what readers write below an article: "/snow-stops-trains#comment-41"."""
    return "#" in href and bool(_COMMENT.search(href))


def is_picture(url: str) -> bool:
    """True for the address of an image file, or of a page named after one, which a lightbox opens."""
    return bool(_PICTURE.search(url.partition("#")[0].partition("?")[0]))


def is_social(url: str) -> bool:
    """True for the hosts of social networks, app stores and share buttons."""
    return _is_social(urls.hostname(url))


def is_share(url: str, page: str) -> bool:
    """True for social networks, and for a link that passes the page's own address to a service (bookmark, archive)."""
    return is_social(url) or any(_ends_with(url, own) for own in _own_addresses(page))


@lru_cache(maxsize=16)
def _own_addresses(page: str) -> tuple[str, ...]:
    """Return a page's address without its scheme; for an archived page also the address of the original."""
    own = page.partition("://")[2].partition("#")[0].rstrip("/")
    return tuple(one for one in (own, own.partition("://")[2]) if one)


def _ends_with(url: str, own: str) -> bool:
    rest = url.partition("://")[2]
    rest = unquote(rest) if "%" in rest else rest
    at = rest.find(own, 1)
    if at < 0:
        return False
    before = "/=" if "/" in own else "/"  # "?ref=news.example.com" names the referring site and shares nothing
    return rest[at - 1] in before and rest[at + len(own) :].partition("&")[0] in {"", "/"}


@lru_cache(maxsize=1024)
def _is_social(host: str) -> bool:
    labels = host.split(".")
    return any(".".join(labels[at:]) in _SOCIAL for at in range(len(labels) - 1))


@lru_cache(maxsize=4096)  # called several times per story
def address_score(url: str) -> float:
    """Score an address as an article's: from -5 (a file, an offer) to +4.5 (dated, numbered, with a slug)."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    segments = [segment for segment in path.lower().split("/") if segment]
    query = parts.query.lower()
    if _DOWNLOAD.search(path) or _AD_CLICK.search(url.lower()) or (query and _FEED_ASKED_FOR.search(query)):
        return -5.0
    asked = bool(query) and _asks(query, segments)
    if not segments:
        return -4.0 if not (query and _ASKS_MORE.search(query)) else 1.0 if asked else -1.0
    if _ARCHIVE.search(path):
        return -3.0
    last = _FILE.sub("", segments[-1])
    words = [word for word in _SLUG_WORDS.split(last) if word]
    dated = bool(_DATED.search(path))
    least = 2 if segments[-2:-1] and segments[-2] not in _LISTS else 3  # digits: "/news/12", not "/category/12"
    numbered = asked or bool(_NUMBERED.search(last)) or (last.isdigit() and len(last) >= least)
    numbered = numbered or (len(words) > 1 and any(_ID.fullmatch(one) for one in segments[-2:-1]))
    # "740-snow-stops-trains". Before a single word the number must be longer than a category's: "/news/407-snow".
    longer = len(words) > 2 or (len(words) > 1 and len(segments) > 1 and len(words[0]) > 2)
    numbered = numbered or (longer and words[0].isdigit() and len(words[0]) > 1)
    score = 1.5 * dated + 1.0 * numbered + 0.5 * bool(_FILE.search(segments[-1]))
    slug = (
        len(_SLUG_WORDS.split(segments[-2])) if last.isdigit() and len(segments) > 1 else len(words)
    )  # "/a-b-c-d/8812"
    score += 1.5 if slug >= 4 else 0.5 if slug == 3 else 0.0
    if len(segments) == 1 and len(words) <= 3 and not asked and not re.search(r"\d", last):
        score -= 2.0  # "/all-about-america" is a section
    if sells(url):
        score -= OFFERED
    return score - _furniture([*segments[:-1], last], dated)


def _asks(query: str, segments: list[str]) -> bool:
    """True for a query that selects an article: by a parameter's name, or, for a script, by any number."""
    if _LIST_ASKED_FOR.search(query):
        return False
    if _ASKED_FOR.search(query):
        return True
    return bool(not segments or _SCRIPT.search(segments[-1])) and bool(_OTHER_PAGE.search(query))


def is_part_of(url: str, page: str) -> bool:
    """True for another view of the page itself, and for its parents: "/blog/" of "/blog/engineering/".

    Another view has the same path and a query that selects no article by a number.
    """
    own = _path_of(page)
    address = url.partition("#")[0].partition("?")[0].rstrip("/")
    at = address.find("/", len("https://"))
    path = address[at:] if at > 0 else ""
    if path != own and not (path and own.startswith(f"{path}/")) and not _is_copy(path, own, page):
        return False
    hosts = {one.removeprefix("www.") for one in (urls.hostname(url), urls.hostname(page))}
    asked = urlsplit(url).query.lower()
    return len(hosts) == 1 and not (_ASKED_FOR.search(asked) or _OTHER_PAGE.search(asked))


def _is_copy(path: str, own: str, page: str) -> bool:
    """True for an article's print version, comments or send form: its name elsewhere, or a word below its path."""
    last = own.rpartition("/")[2]
    named = len(last) > MAX_COMMON_NAME and path.endswith(f"/{last}")
    below = path.startswith(f"{own}/") and bool(_COPY.fullmatch(path, len(own)))
    return (named or below) and address_score(page) >= 1.5


@lru_cache(maxsize=16)  # called with one page for all its links
def _path_of(page: str) -> str:
    return urlsplit(page).path.rstrip("/")


@lru_cache(maxsize=4096)
def kind_of_address(url: str) -> str:
    """Name the kind of an address that is no article's: file, person, service, tag or archive, section."""
    path = unquote(urlsplit(url).path).lower()
    segments = set(path.split("/"))
    if _DOWNLOAD.search(path):
        return "file"
    if segments & _PEOPLE:
        return "person"
    return "service" if segments & _OFFERS else "tag or archive" if segments & _LISTS else "section"


@lru_cache(maxsize=4096)
def shape_of(url: str) -> str:
    """Return the pattern of a numbered address: "/fa/news/340112/water" is "host/w/w/N/w"; "" without a number.

    A number of at least four digits, or an id in the query, is typical of articles; addresses of services lack it.
    """
    parts = urlsplit(url)
    names = sorted(name.partition("=")[0] for name in parts.query.split("&") if _NUMBERED.search(name))
    segments = [_shape_of_segment(segment) for segment in unquote(parts.path).split("/") if segment]
    if not names and not any("N" in segment for segment in segments):
        return ""
    return "/".join([urls.host_key(url), *segments]) + "?" + "&".join(names)


def _shape_of_segment(segment: str) -> str:
    numbered = bool(re.search(r"\d{4}", segment))
    return ("N" if numbered else "") + ("" if segment.isdigit() else "s" if _SLUG_WORDS.search(segment) else "w")


def _is_column(segments: list[str]) -> bool:
    """True for an article below a person's name: "/columnists/jo-reed/when-will-the-bridge-open/912"."""
    at = next((at for at, one in enumerate(segments) if one in _PEOPLE), len(segments))
    return any(len(_SLUG_WORDS.split(one)) > 3 for one in segments[at + 2 :])


def _furniture(segments: list[str], dated: bool) -> float:
    before = set(segments[:-1]) if dated else set(segments)
    slug = segments[-2] if len(segments) > 2 and segments[-1].isdigit() else segments[-1]
    words = _SLUG_WORDS.split(slug)
    long = len(segments) > 2 and len(words) > (2 if dated else 5)
    if long:
        before -= _DESKS  # "/news/weather/why-the-first-snow-came-so-late" is news
    elif len(words) > 2 and _LONG_NUMBER.fullmatch(words[-1]):
        before -= _TOLD_DESKS  # and "/weather/gale-warning-20261121"
    if before & _PEOPLE:
        return 0.0 if _is_column(segments) else 4.0
    if dated and before & _LISTS and _DAY.fullmatch(segments[-1]):
        return 6.0  # the archive of a day: "/tag/date/20261120"
    if before & _OFFERS or any(set(one.split("-")) <= _OFFERS for one in before):  # "offers-coupons"
        return 3.5
    if dated or not (set(segments[:-1][:3]) & _LISTS):
        return 0.0
    if segments[-2] in _PROJECTS and len(words) > 3:
        return 0.0  # "/projects/how-the-river-died" is a report
    told = segments[-2] not in _LISTS and len(words) > 2  # "/section/local/fog-closes-port"
    if told and len(words) > 5 and len(segments) < 4:
        return 0.0  # no topic's name is so long
    return 1.0 if told or (segments[-2] == "archives" and len(segments[-1]) > 3) else 3.0  # "/archives/4107"
