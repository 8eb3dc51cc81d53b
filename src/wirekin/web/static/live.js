// Polls the page for new headlines and offers them behind a button, so that nothing moves under the reader.
// The browser sends the page's ETag, so an unchanged page costs no body. A hidden page does not poll.
"use strict";
(() => {
  const EVERY = 60000; // milliseconds between polls, as long as a page is fresh (Cache-Control: max-age=60)
  const LONGEST = 900000; // milliseconds: the limit of the back-off after failures
  const AGAIN = 20000; // milliseconds: twice as long as our server lets a reader wait for a picture that it fetches

  // Load a picture of our own server once more, for it may still have been fetching it; leave others alone.
  const askAgain = (image) => {
    if (!image.src.startsWith(location.origin) || "again" in image.dataset) return;
    image.dataset.again = "";
    setTimeout(() => { image.src = image.src; }, AGAIN);
  };
  document.addEventListener("error", ({ target }) => { if (target.matches("img.picture")) askAgain(target); }, true);
  for (const image of document.querySelectorAll("img.picture")) if (image.complete && !image.naturalWidth) askAgain(image);

  const main = document.querySelector("main[data-live]");
  if (!main || new URLSearchParams(location.search).has("cursor") || (navigator.connection || {}).saveData) return;

  const links = (within) => [...within.querySelectorAll("a[rel~=external]")];
  const status = document.createElement("div");
  status.className = "fresh";
  status.setAttribute("role", "status"); // a live region exists before the button, so that screen readers announce it
  const button = document.createElement("button");
  button.type = "button";
  document.body.append(status);

  let known = ""; // the ETag of the last answer
  let coming = null; // the new page, where it has new headlines
  let pause = EVERY;
  let askedAt = Date.now();
  let timer = 0;

  const offer = (page) => {
    const shown = new Set(links(main).map((link) => link.href));
    const fresh = links(page).filter((link) => !shown.has(link.href));
    for (const link of fresh) link.classList.add("new");
    const count = new Set(fresh.map((link) => link.href)).size;
    coming = count ? page : null;
    if (!count) return button.remove();
    const said = count === 1 ? "1 new headline" : `${count} new headlines`;
    if (button.textContent !== said) button.textContent = said;
    if (!button.isConnected) status.append(button);
  };

  const look = async () => {
    askedAt = Date.now();
    const answer = await fetch(location.href, { cache: "no-cache", credentials: "omit", signal: AbortSignal.timeout(20000) });
    if (!answer.ok) {
      const wait = 1000 * Number(answer.headers.get("retry-after"));
      throw Object.assign(new Error(`${answer.status}`), { wait });
    }
    pause = EVERY;
    const etag = answer.headers.get("etag");
    if (etag && etag === known) return;
    known = etag;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main[data-live]");
    if (page) offer(page);
  };

  const later = () => {
    clearTimeout(timer);
    if (document.hidden) return; // visibilitychange starts the timer again
    timer = setTimeout(async () => {
      await look().catch(({ wait }) => { pause = Math.min(LONGEST, Math.max(2 * pause, wait || 0)); });
      later();
    }, Math.max(0, askedAt + pause - Date.now()));
  };

  button.addEventListener("click", () => {
    if (!coming) return;
    main.replaceChildren(...coming.childNodes);
    coming = null;
    button.remove();
    main.tabIndex = -1;
    main.focus({ preventScroll: true }); // keyboard focus goes to the top, where the new headlines are
    scrollTo({ top: 0, behavior: "instant" });
    document.dispatchEvent(new Event("wirekin-shown")); // ages.js makes the times relative
  });

  document.addEventListener("visibilitychange", later);
  later();
})();
