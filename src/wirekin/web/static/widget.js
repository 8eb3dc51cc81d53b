// wirekin's footer for somebody else's article. Either
//   <script async src="https://news.example/widget.js" data-url="https://me.example/article"></script>
// or <related-stories url="..."> with links of your own inside, which stay where the answer does not come.
// Attributes, on either: data-url, data-title, data-topic, data-limit, data-heading, data-theme (auto, light, dark;
// auto takes the page's own colours), data-images (yes, no). On the element all but title may leave out "data-".
// Titles enter the page by textContent alone; links must be http or https; no cookie, no storage, nothing is tracked.
"use strict";
(() => {
  const script = document.currentScript;
  const home = new URL(".", script ? script.src : document.baseURI).href;
  const RTL = /^(ar|ckb|dv|fa|he|iw|ps|sd|ug|ur|yi)\b/i;
  const PATIENCE = 8000; // milliseconds until the reader's own links stay for good
  const ROW = 82; // px that one item takes at most widths: what is reserved before the answer is there

  const CSS = `
    :host { display: block; container-type: inline-size; line-height: 1.45; text-align: start;
      --soft: color-mix(in srgb, currentcolor 66%, transparent);
      --line: color-mix(in srgb, currentcolor 20%, transparent);
      --wash: color-mix(in srgb, currentcolor 8%, transparent); }
    :host([data-theme="light"]) { color: #1c1b19; background: #fff; }
    :host([data-theme="dark"]) { color: #e9e6df; background: #141517; }
    * { box-sizing: border-box; margin: 0; padding: 0; }
    h2 { font-size: 1.1em; line-height: 1.3; padding-bottom: .5em; border-bottom: 2px solid; }
    ul { list-style: none; display: grid; grid-template-columns: 1fr; gap: 0 2em; }
    @container (min-width: 36rem) { ul { grid-template-columns: 1fr 1fr; } }
    li { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-content: start; gap: .2em .9em;
      padding: .8em 0; border-bottom: 1px solid var(--line); text-align: start; overflow-wrap: anywhere; }
    a { color: inherit; font-weight: 600; line-height: 1.32; text-decoration: none; grid-column: 1; }
    a:hover { text-decoration: underline; text-underline-offset: .15em; }
    a:focus-visible { outline: 2px solid; outline-offset: 2px; }
    img { grid-column: 2; grid-row: 1 / span 2; width: 5.5em; height: 4em; object-fit: cover; border-radius: 3px;
      background: var(--wash); }
    p { grid-column: 1; font-size: .84em; color: var(--soft); }
    @media print { img { display: none; } }`;

  const make = (name, text, lang) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (lang) element.lang = lang;
    element.dir = RTL.test(lang || "") ? "rtl" : "auto";
    return element;
  };

  const safe = (url) => (typeof url === "string" && /^https?:\/\//i.test(url) ? url : "");

  const when = (item) => {
    const instant = new Date(item.published_at && item.published_at < item.first_seen_at ? item.published_at : item.first_seen_at);
    const hours = (Date.now() - instant) / 3600000;
    const time = make("time");
    time.dateTime = instant.toISOString();
    time.title = instant.toLocaleString();
    time.textContent = hours < 1 ? `${Math.max(1, Math.round(hours * 60))} min`
      : hours < 24 ? `${Math.floor(hours)} h` : hours < 24 * 7 ? `${Math.floor(hours / 24)} d` : instant.toLocaleDateString();
    return time;
  };

  const picture = (image) => {
    const element = document.createElement("img");
    element.loading = "lazy";
    element.decoding = "async";
    element.referrerPolicy = "no-referrer";
    element.alt = "";
    element.addEventListener("error", () => element.remove());
    element.src = image.url;
    return element;
  };

  const row = (item, images) => {
    const li = make("li", "", item.lang);
    const link = make("a", item.title, item.lang);
    link.href = safe(item.url);
    link.rel = "noopener";
    const by = document.createElement("p");
    by.append(make("bdi", item.publisher.name), " · ", when(item));
    li.append(link, by);
    if (images && item.image && safe(item.image.url)) li.append(picture(item.image));
    return li;
  };

  // `title` without data- is the tooltip of any element, so it is never read.
  const read = (element, name) => element.dataset[name] || (name === "title" ? "" : element.getAttribute(name)) || "";

  const canonical = () => {
    const link = document.querySelector("link[rel=canonical]");
    return (link && link.href) || location.href.split("#")[0];
  };

  const question = (element) => {
    const asked = new URLSearchParams();
    asked.set("url", read(element, "url") || canonical());
    const title = read(element, "title") || document.title;
    if (title) asked.set("title", title.slice(0, 500));
    for (const name of ["topic", "limit"]) {
      const value = read(element, name);
      if (value) asked.set(name, value);
    }
    return `${home}v1/related?${asked}`;
  };

  class RelatedStories extends HTMLElement {
    connectedCallback() {
      if (this.asked) return;
      this.asked = true;
      this.dataset.theme = read(this, "theme") || "auto";
      // Where the page has links of its own inside, they are the room that is kept.
      if (!this.textContent.trim()) this.style.minHeight = `${44 + ROW * Math.ceil(Number(read(this, "limit") || 6) / 2)}px`;
      this.style.display = "block";
      this.ask().catch(() => this.give([]));
    }

    async ask() {
      const answer = await fetch(question(this), { credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(PATIENCE) });
      if (!answer.ok) throw new Error(`wirekin answered ${answer.status}`);
      this.give((await answer.json()).items.filter((item) => safe(item.url) && item.title));
    }

    give(items) {
      this.style.minHeight = "";
      this.dataset.state = items.length ? "shown" : "kept";
      if (!items.length) return;
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      root.adoptedStyleSheets = [sheet];
      const list = document.createElement("ul");
      const images = read(this, "images") !== "no";
      list.append(...items.map((item) => row(item, images)));
      root.append(make("h2", read(this, "heading") || "Related stories"), list);
    }
  }

  // A script with data-* puts the element after itself, unless one stands beside it, which then takes them.
  if (script && Object.keys(script.dataset).length) {
    const beside = [script.previousElementSibling, script.nextElementSibling];
    const found = beside.find((element) => element && element.localName === "related-stories");
    const element = found || document.createElement("related-stories");
    Object.assign(element.dataset, { ...script.dataset, ...element.dataset });
    if (!found) script.after(element);
  }

  if (!customElements.get("related-stories")) customElements.define("related-stories", RelatedStories);
})();
