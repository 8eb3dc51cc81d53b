"""The tables behind `urls`: marks of tracking, sessions, AMP and mobile faces, and redirectors.

Each table says where it comes from; "seen" means seen in links of real feeds and pages (30,774 of them, 2026-11).
A mark that also names documents somewhere belongs in REFERRERS or under its host, never in TRACKING.
"""

from __future__ import annotations

import re

# --- which parameters say where the reader came from, and nothing about the document ------------------------

TRACKING_PREFIXES = (
    "utm_",  # Google Analytics campaign parameters: support.google.com/analytics/answer/10917952
    "ga_",  # the same, spelled by Le Figaro and others
    "mtm_", "matomo_", "pk_", "piwik_",  # Matomo: matomo.org/faq/reports/what-is-campaign-tracking
    "at_",  # Piano (AT Internet) campaigns: BBC, France 24, Le Monde
    "ns_",  # Comscore: BBC ns_mchannel ns_source, Daily Mail ns_campaign
    "hsa_", "_hs", "__hs",  # HubSpot ads and cookies
    "wt_",  # Webtrekk / Mapp: heise wt_mc, Zeit wt_zmc
    "guce_",  # Yahoo consent: guce_referrer, guce_referrer_sig
    "gad_",  # Google Ads since 2023: gad_source, gad_campaignid; support.google.com/google-ads/answer/9744275
    "fb_", "soc_", "stm_", "itm_", "oly_", "vero_", "trk_", "aspsessionid",
)  # fmt: skip
# fmt: off
TRACKING = frozenset((
    # Click ids that advertisers add: Google, Meta, Microsoft, Yandex, X, TikTok, LinkedIn, Pinterest, Adobe ...
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "_openstat", "twclid",
    "srsltid", "_branch_match_id", "ttclid", "li_fat_id", "igshid", "igsh", "epik",
    "s_kwcid", "ef_id", "rb_clickid", "tblci", "dicbo", "awc", "sc_cid", "s_cid", "wickedid", "irclickid", "irgwc",
    # Mail and marketing suites: Mailchimp, Marketo, Drip, Salesforce, Adobe, Google Analytics linkers.
    "__s", "sfmc_id", "mc_cid", "mc_eid", "mkt_tok", "cm_mmc", "_ga", "_gl", "xtor",
    # Publishers' own "came by RSS" marks, seen in feeds: Mail Online, DW, Al Jazeera, Reuters, Gannett, NYT, CNBC ...
    "ito", "maca", "traffic_source", "rssfeed", "feedtype", "feedname", "dmcid", "ncid", "ocid", "cmpid", "icid",
    "intcid", "int_cmp", "intcmp", "smid", "smtyp", "emc", "mbid",
    "guccounter", "ref_src", "ref_url", "taid", "ftag", "sr_share", "__twitter_impression", "hsctatracking",
    "rss-feed",
    # AMP's own switches, and a page's request not to be AMP.
    "amp", "noamp", "outputtype", "usqp", "amp_js_v", "amp_gsa",
    # Session ids: PHP, ColdFusion, osCommerce, Zen Cart, vBulletin.
    "phpsessid", "jsessionid", "sessionid", "cfid", "cftoken", "oscsid", "zenid",
))
# Names that are the reader's origin in most places and an article's number in a few ("article.asp?ref=4711").
REFERRERS = frozenset((
    "ref", "ref_", "source", "src", "from", "referrer", "referer", "refer", "origin", "origine",
    "via", "partner", "cmp", "tid", "rss",
))
# fmt: on
IDENTIFYING = re.compile(r"\d{3}|(?:[^-_]+[-_]){3}")  # three digits in a row, or a slug of four words, is a name
SESSION_VALUE = re.compile(r"[0-9a-f]{16,}|[0-9a-z]{24,}", re.IGNORECASE)  # sid=05/11/19/1534223 is an article
HOST_TRACKING = {
    "twitter.com": frozenset(("s", "t")),  # share marks
    "x.com": frozenset(("s", "t")),
    "youtube.com": frozenset(("feature", "si", "pp", "ab_channel", "t")),
    "youtu.be": frozenset(("si", "t")),
    "news.google.com": frozenset(("oc", "hl", "gl", "ceid")),  # the edition that the link was listed in
    "msn.com": frozenset(("cvid", "ei")),  # ids of the visit
    "nytimes.com": frozenset(("campaign_id", "instance_id", "nl", "regi_id", "segment_id", "te", "user_id")),  # mail
    "wsj.com": frozenset(("mod", "st", "reflink")),
    "washingtonpost.com": frozenset(("itid", "wpisrc", "wpmm")),
    "deutschlandfunk.de": frozenset(("drn:news_id",)),
    "spiegel.de": frozenset(("sara_ecid",)),
}

# --- which hosts and paths are another face of the same document --------------------------------------------

FACES = frozenset(("www", "www1", "www2", "www3", "m", "mobile", "amp", "touch", "wap"))  # labels before a domain
INDEX_PAGE = re.compile(r"(?:index|default)\.(?:html?|shtml|php[345]?|aspx?|jsp|cfm|do)", re.IGNORECASE)
SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)  # Java servlets write it there
ASP_SESSION = re.compile(r"\(S\([0-9a-z]{24}\)\)", re.IGNORECASE)  # ASP.NET cookieless sessions: a path segment
# Hosts with the article's address in the path (cdn.ampproject.org/caches.json), as suffixes that begin at a dot.
AMP_CACHES = (".ampproject.org", ".bing-amp.com")
GOOGLE = re.compile(r"google\.(?:com|(?:com?\.)?[a-z]{2})")  # whose /amp/s/ shows others' articles
# x.amp, x.amp.html; golem.de, eldiario.es, Reach plc
AMP_SUFFIX = re.compile(r"(?<!\.amp)(?:\.amp)++(\.html?)?$", re.IGNORECASE)

# --- redirectors whose target stands in the link itself -----------------------------------------------------

REDIRECTORS: dict[str, tuple[str, ...]] = {  # canonical host and path -> the parameters that may hold the target
    "google.com/url": ("q", "url"),
    "l.facebook.com/l.php": ("u",),
    "lm.facebook.com/l.php": ("u",),
    "facebook.com/l.php": ("u",),
    "facebook.com/flx/warn": ("u",),
    "l.instagram.com/": ("u",),
    "l.threads.net/": ("u",),
    "t.umblr.com/redirect": ("z",),
    "out.reddit.com/": ("url",),
    "youtube.com/redirect": ("q",),
    "vk.com/away.php": ("to",),
    "linkedin.com/redir/redirect": ("url",),
    "duckduckgo.com/l": ("uddg",),
    "bing.com/news/apiclick.aspx": ("url",),
    "steamcommunity.com/linkfilter": ("u", "url"),
    "slack-redir.net/link": ("url",),
    "go.redirectingat.com/": ("url",),
    "getpocket.com/redirect": ("url",),
    "translate.google.com/translate": ("u",),
    "t.me/iv": ("url",),
}  # FeedBurner's /~r/ links (feedproxy.google.com) hold no target, so they cannot be decoded here.
OUT_PATHS = frozenset(("out", "redirect", "redir", "away", "goto", "exit", "leave", "click", "clk", "go", "l"))
OUT_NAMES = ("url", "u", "to", "target", "dest", "destination")
