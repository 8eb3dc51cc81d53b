// wirekin's footer for an article on another site; see docs/embedding.md.
// Titles enter the page by textContent only; links must be http or https; no cookie, no storage, no tracking.
"use strict";
(() => {
  const script = document.currentScript;
  const home = new URL(".", script?.src || document.baseURI).href;
  const RTL = /^(ar|ckb|dv|fa|he|iw|ps|sd|ug|ur|yi)\b/i;

  // Cards have the height --wirekin-row and the heading 3em, before and after the answer, so that nothing moves. Columns
  // are counted in em, since many pages set the rem to 10px. In narrow columns all below the headline gets a whole row.
  const CSS = `
    :host { display: grid; container-type: inline-size; line-height: 1.4; text-align: start; font: var(--wirekin-font);
      --soft: var(--wirekin-soft, color-mix(in srgb, currentcolor 72%, transparent));
      --line: var(--wirekin-line, color-mix(in srgb, currentcolor 20%, transparent));
      --wash: var(--wirekin-wash, color-mix(in srgb, currentcolor 8%, transparent)); }
    :host([data-theme=light]) { color: #1c1b19; background: #fff; color-scheme: light; }
    :host([data-theme=dark]) { color: #e9e6df; background: #141517; color-scheme: dark; }
    * { box-sizing: border-box; margin: 0; padding: 0; }
    section, slot { grid-area: 1/1; min-width: 0; }
    slot { display: block; }
    :host(:not([data-state=shown])) section, :host([data-state=shown]) slot, li:empty { visibility: hidden; }
    :host(:not([data-theme=auto])) section { padding-inline: .9em; }
    h2, p { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
    h2 { font-size: 1em; line-height: 2.9em; height: 3em; border-bottom: 2px solid; }
    ul { list-style: none; display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 var(--wirekin-gap, 2em); }
    @container (min-width: 36em) { ul { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
    li { position: relative; height: var(--wirekin-row, 8.1em); padding: .8em 0; border-bottom: 1px solid var(--line);
      display: grid; grid-template: max-content max-content 1fr / minmax(0, 1fr) auto; row-gap: .06em; overflow-wrap: anywhere; }
    a { grid-area: 1/1; justify-self: start; color: inherit; font-weight: 600; line-height: 1.3; text-decoration: none; overflow: hidden;
      display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; }
    a::after { content: ""; position: absolute; inset: 0; }
    a:hover { color: var(--wirekin-accent, inherit); text-decoration: underline; text-underline-offset: .15em; }
    a:focus-visible { outline: 0; }
    a:focus-visible::after { outline: 2px solid var(--wirekin-accent, currentcolor); outline-offset: -1px; }
    img { grid-area: 1/2/4; margin-inline-start: .9em; width: 5.5em; height: 4.125em; object-fit: cover; background: var(--wash);
      border-radius: var(--wirekin-radius, 3px); }
    p { grid-column: 1; font-size: .84em; line-height: 1.4; color: var(--soft); text-align: -webkit-match-parent; text-align: match-parent; }
    @container (max-width: 60em) {
      img { grid-row-end: 2; height: 3.9em; }
      p { grid-column: 1/3; }
    }
    @media print { img { display: none; } }`;

  // Our own words get an explicit direction: in a right-to-left line, "7 publishers" would end with its number.
  const dirOf = (lang, dir = "ltr") => (RTL.test(lang) ? "rtl" : dir);

  const make = (name, part, text = "", lang = null) => {
    const element = document.createElement(name);
    if (part) element.setAttribute("part", part);
    element.textContent = text;
    if (lang !== null) {
      element.lang = lang;
      element.dir = dirOf(lang, "auto");
    }
    return element;
  };

  // One line per language: its tag, heading, same event, same topic, latest, shares, publishers; see render/_words.py.
  const WORDS = "WORDS".split("\n").map((line) => line.split("|"));
  const TOPICS = new Map("TOPICS"); // slug, name
  const wordsIn = (lang) => WORDS.find(([known]) => known === lang.split("-")[0]) || WORDS[0];

  const safe = (url) => /^https?:\/\//i.test(url);

  const age = (instant, lang) => {
    const minutes = Math.max(0, Date.now() - instant) / 60000;
    const [size, unit] = minutes < 60 ? [1, "minute"] : minutes < 1440 ? [60, "hour"] : [1440, "day"];
    if (minutes >= 7 * 1440) return instant.toLocaleDateString(lang);
    return new Intl.RelativeTimeFormat(lang, { style: /^en/.test(lang) ? "narrow" : "long", numeric: "auto" }).format(Math.trunc(-minutes / size), unit);
  };

  const when = (item, lang) => {
    const said = (item.published_at < item.first_seen_at && item.published_at) || item.first_seen_at;
    const instant = new Date(said);
    const time = make("time", "time", age(instant, lang));
    time.dateTime = said;
    time.title = instant.toLocaleString(lang);
    time.dir = dirOf(lang);
    return time;
  };

  const why = ({ kind, topics, terms }, [, , event, topic, latest, shares]) =>
    kind === "same_story" ? event
      : kind === "same_topic" && topics.length ? `${topic}: ${TOPICS.get(topics[0]) || topics[0].replaceAll("-", " ")}`
        : kind === "latest" ? latest
          : terms.length ? `${shares}: ${terms.slice(0, 3).join(", ")}` : "";

  const picture = (url) => {
    const element = make("img", "image");
    Object.assign(element, { loading: "lazy", decoding: "async", referrerPolicy: "no-referrer", alt: "" }); // sized by the style sheet
    element.onerror = () => { element.style.visibility = "hidden"; }; // hidden, but keeps its space
    element.src = url;
    return element;
  };

  const fill = (li, item, lang, images) => {
    const words = wordsIn(lang);
    const ours = dirOf(words[0]);
    li.dir = dirOf(item.lang, ours);
    const link = make("a", "link", item.title, item.lang || "");
    link.href = item.url;
    link.rel = "noopener external";
    const meta = make("p", "meta");
    meta.append(make("bdi", "publisher", item.publisher.name), " · ", when(item, lang));
    const reason = make("p", "why", why(item.reason, words));
    reason.dir = ours;
    if (item.story.publishers > 1) {
      reason.prepend(make("span", "story", words[6].replace("#", item.story.publishers.toLocaleString(words[0]))), reason.textContent && " · ");
    }
    li.append(link, meta);
    if (reason.textContent) li.append(reason);
    if (images && item.image && safe(item.image.url)) li.append(picture(item.image.url));
  };

  // A plain `title` attribute is a tooltip, so only data-title is read.
  const read = (element, name) => element.dataset[name] || (name === "title" ? "" : element.getAttribute(name)) || "";

  // At most 50: the server refuses more.
  const most = (element) => Math.max(1, Math.min(50, parseInt(read(element, "limit")) || 6));

  const canonical = () => document.querySelector("link[rel=canonical]")?.href || location.href.split("#")[0];

  const question = (element) => {
    const asked = new URLSearchParams();
    asked.set("url", read(element, "url") || canonical());
    const title = read(element, "title") || document.title;
    if (title) asked.set("title", title.slice(0, 500));
    if (read(element, "topic")) asked.set("topic", read(element, "topic"));
    if (read(element, "limit")) asked.set("limit", most(element));
    return `${home}v1/related?${asked}`;
  };

  // The language that the element is told, else that of the page around, where the browser knows it.
  const tongue = (element) => {
    const around = element.closest("[lang]");
    try {
      return Intl.getCanonicalLocales(read(element, "lang") || around?.lang || "en")[0];
    } catch {
      return "en";
    }
  };

  class RelatedStories extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      this.dataset.theme = read(this, "theme") || "auto";
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      root.adoptedStyleSheets = [sheet];
      const words = wordsIn(tongue(this));
      const section = make("section", "section");
      section.lang = words[0];
      if (RTL.test(words[0])) section.dir = "rtl"; // else inherited from the page
      const heading = make("h2", "heading", read(this, "heading") || words[1]);
      heading.dir = "auto";
      section.setAttribute("aria-label", heading.textContent);
      this.list = make("ul", "list");
      this.list.role = "list"; // Safari drops the list role of a list without bullets
      this.list.append(...Array.from({ length: most(this) }, () => make("li", "item")));
      section.append(heading, this.list);
      root.append(document.createElement("slot"), section);
      const near = new IntersectionObserver((seen) => {
        if (!seen.some((entry) => entry.isIntersecting)) return;
        near.disconnect();
        this.ask().catch(() => []).then((items) => this.give(items));
        // ask while the element is still a phone's screen below the window, so that it is filled before it is seen
      }, { rootMargin: "800px" });
      near.observe(this);
    }

    async ask() {
      // after eight seconds the page's own links in the slot stay
      const answer = await fetch(question(this), { credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(8000) });
      if (!answer.ok) throw answer;
      return (await answer.json()).items.filter((item) => safe(item.url) && item.title);
    }

    give(items) {
      const rows = [...this.list.children];
      const images = read(this, "images") !== "no";
      items.slice(0, rows.length).forEach((item, number) => fill(rows[number], item, tongue(this), images));
      this.dataset.state = items.length ? "shown" : "kept";
      this.settle(() => {
        for (const row of rows.slice(items.length)) row.remove();
        this.shadowRoot.querySelector(items.length ? "slot" : "section").remove();
      });
      this.dispatchEvent(new CustomEvent("related-stories", { bubbles: true, composed: true, detail: { items: items.length } }));
    }

    // Give back unneeded space: at once where nothing follows the element, else when it is below the window,
    // where nobody sees the rest of the page move up.
    settle(giveBack) {
      const after = document.createRange();
      after.setStartAfter(this);
      after.setEndAfter(document.body.lastChild);
      if (!after.getClientRects().length) return giveBack();
      const below = new IntersectionObserver(([{ isIntersecting, boundingClientRect }]) => {
        if (isIntersecting || boundingClientRect.top <= 0) return;
        below.disconnect();
        giveBack();
      });
      below.observe(this);
    }
  }

  // A script with data-* inserts the element after itself, or passes the data to an element that stands beside it.
  if (script && Object.keys(script.dataset).length) {
    const found = [script.previousElementSibling, script.nextElementSibling].find((beside) => beside?.localName === "related-stories");
    const element = found || document.createElement("related-stories");
    Object.assign(element.dataset, { ...script.dataset, ...element.dataset });
    if (!found) script.after(element);
  }

  if (!customElements.get("related-stories")) customElements.define("related-stories", RelatedStories);
})();
