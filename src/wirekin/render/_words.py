"""The few words of the footer, in the languages of those who embed it: one table for the widget and for what we render.

A number of publishers is written so that no language needs its plurals: it is two at least where it is shown.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

_PERSIAN_DIGITS = str.maketrans("0123456789,", "۰۱۲۳۴۵۶۷۸۹٬")  # as browsers write a Persian page's ages
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class Words:
    """What the footer says in one language."""

    lang: str
    related: str  # its heading
    same_story: str
    same_topic: str  # a colon and the topic follow
    latest: str
    shares: str  # a colon and words follow
    publishers: str  # # stands for their number
    none: str  # where nothing is related; the widget shows nothing then

    def count(self, publishers: int) -> str:
        """How many publishers: 7 publishers."""
        written = f"{publishers:,}"
        return self.publishers.replace("#", written.translate(_PERSIAN_DIGITS) if self.lang == "fa" else written)

    @property
    def direction(self) -> str:
        """Of its letters: ltr or rtl."""
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
    """The words in the language of this tag (RFC 5646); in English where we have none."""
    return _TABLE.get(lang.partition("-")[0].lower(), ENGLISH)


def word_table() -> str:
    """All of them as the widget takes them: a line a language, its fields in the order of `Words` with | between.

    Without the last one, which it has no use for.
    """
    return "\n".join("|".join(astuple(words)[:-1]) for words in _TABLE.values())


def languages() -> tuple[str, ...]:
    """The languages that there are words in."""
    return tuple(_TABLE)
