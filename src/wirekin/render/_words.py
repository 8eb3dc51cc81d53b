"""The words of the footer in several languages: one table for the widget and for server-side rendering.

The number of publishers is written so that no language needs plural forms: it is shown only from two on.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

_PERSIAN_DIGITS = str.maketrans("0123456789,", "۰۱۲۳۴۵۶۷۸۹٬")  # as browsers write a Persian page's ages
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the footer in one language."""

    lang: str
    related: str  # the heading
    same_story: str
    same_topic: str  # a colon and the topic follow
    latest: str
    shares: str  # a colon and words follow
    publishers: str  # "#" is replaced by their number
    none: str  # shown if nothing is related; the widget shows nothing then

    def count(self, publishers: int) -> str:
        """Write a number of publishers: "7 publishers"."""
        written = f"{publishers:,}"
        return self.publishers.replace("#", written.translate(_PERSIAN_DIGITS) if self.lang == "fa" else written)

    @property
    def direction(self) -> str:
        """The direction of its script: ltr or rtl."""
        return "rtl" if self.lang in RIGHT_TO_LEFT else "ltr"


ENGLISH = Words(
    "en", "Related stories", "Same event", "Same topic", "Latest", "Shares", "# publishers", "Nothing related yet."
)
_TABLE = {
    words.lang: words
    for words in (
        ENGLISH,
        Words(
            "ar",
            "أخبار ذات صلة",
            "الحدث نفسه",
            "الموضوع نفسه",
            "الأحدث",
            "المشترك",
            "عدد الناشرين: #",
            "لا شيء ذو صلة بعد.",
        ),
        Words(
            "de",
            "Mehr zum Thema",
            "Dasselbe Ereignis",
            "Dasselbe Thema",
            "Neueste",
            "Gemeinsam",
            "# Medien",
            "Noch nichts zum Thema.",
        ),
        Words(
            "es",
            "Noticias relacionadas",
            "El mismo suceso",
            "El mismo tema",
            "Lo último",
            "En común",
            "# medios",
            "Aún no hay nada relacionado.",
        ),
        Words(
            "fa", "خبرهای مرتبط", "همین رویداد", "همین موضوع", "تازه‌ترین", "مشترک", "# رسانه", "هنوز چیز مرتبطی نیست."
        ),
        Words(
            "fr",
            "À lire aussi",
            "Le même événement",
            "Le même sujet",
            "Récent",
            "En commun",
            "# médias",
            "Rien à ce sujet pour l’instant.",
        ),
        Words(
            "he", "כתבות קשורות", "אותו אירוע", "אותו נושא", "חדש", "במשותף", "כלי תקשורת: #", "אין עדיין כתבות קשורות."
        ),
        Words(
            "ru",
            "Материалы по теме",
            "То же событие",
            "Та же тема",
            "Новое",
            "Общее",
            "Изданий: #",
            "Пока ничего по теме.",
        ),
    )
}


def words_in(lang: str) -> Words:
    """Return the words in the language of this tag (RFC 5646); in English if we have none."""
    return _TABLE.get(lang.partition("-")[0].lower(), ENGLISH)


def word_table() -> str:
    """Return the table for the widget: one line per language, the fields of `Words` in order, separated by |.

    The last field is left out: the widget does not use it.
    """
    return "\n".join("|".join(astuple(words)[:-1]) for words in _TABLE.values())


def languages() -> tuple[str, ...]:
    """Return the languages of the table."""
    return tuple(_TABLE)
