"""HTML pages: a front, a section or topic page, an article with a related rail, as the headlines that it lists.

`_page` is the way in, and tells the order of the work; `_article` reads an article's own page. Each line below imports
from the lines under it only (`make check` holds them to that):

    _score       which stories are headlines: by evidence, with _refusals (adverts, offers, jobs, talk), the neighbours'
                 word (_leads, _makes) and _partners' lists
    _stories     links to one address, the card around them, their title; _captions: pictures that are headlines;
                 _places: where the list is, for the canary and for proposed selectors
    _regions     furniture, where no link counts: navigation, footers, comments, paid places; _selectors: by CSS instead
    _listing     what a box lists; _pictures (_painted: by the page's own style sheet) and _signatures of a card;
                 _translations of an article; _embedded: articles that the page lists as data
    _cards       one card's title without its labels
    _times       a card's date (_months, _ago, _zones); _lines, _paid and _hidden content
    _dom         the tree: _markup for lexbor, _attributes, _rails told from navigation
    _shapes      what an address says by its form; _wording: what a link's words say by theirs

This package imports nothing by itself: a process that polls feeds alone loads the types of `_trace`, and no more.
"""
