"""Texts and their words: safe text, headlines without credits, folded words and index terms.

clean (markup -> text) -> split_wire, split_outlet (credits and outlets off) -> fold -> tokens -> terms.
People see what comes before `fold`, and `guess_lang` reads it; what comes after is compared, and terms are indexed.
All functions are pure; none raises on any string.
"""

from wirekin.text._clean import clean
from wirekin.text._everyday import common_words, everyday_words
from wirekin.text._fold import fold, tokens
from wirekin.text._headline import is_cut_from, repeated_suffix, split_outlet, split_wire
from wirekin.text._lang import LANGUAGE_TAG, guess_lang, is_language_tag
from wirekin.text._terms import readable, readable_of, search_terms, terms, terms_of

__all__ = [
    "LANGUAGE_TAG",
    "clean",
    "common_words",
    "everyday_words",
    "fold",
    "guess_lang",
    "is_cut_from",
    "is_language_tag",
    "readable",
    "readable_of",
    "repeated_suffix",
    "search_terms",
    "split_outlet",
    "split_wire",
    "terms",
    "terms_of",
    "tokens",
]
