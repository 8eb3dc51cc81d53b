// Turns the absolute times of a page into ages ("3h ago") and keeps them up to date; a timeline keeps its clock times.
// Without this script the page shows the same times in absolute form.
"use strict";
(() => {
  const STEPS = [[60, "minute", 60], [3600, "hour", 24], [86400, "day", 7]];
  // the narrow style is "2h ago" in English, but "-2 h" in French
  const lang = document.documentElement.lang || "en";
  const format = new Intl.RelativeTimeFormat(lang, { numeric: "auto", style: /^en/.test(lang) ? "narrow" : "long" });
  const original = new WeakMap();

  const age = (instant, now) => {
    const seconds = (now - instant) / 1000;
    if (seconds < 0) {
      const minutes = Math.ceil(-seconds / 60);
      return minutes < 60 ? format.format(minutes, "minute") : minutes < 1440 ? format.format(Math.round(minutes / 60), "hour") : null;
    }
    if (seconds < 60) return format.format(0, "second");
    for (const [size, unit, limit] of STEPS) {
      const count = Math.floor(seconds / size);
      if (count < limit) return format.format(-count, unit);
    }
    return null;
  };

  const refresh = () => {
    const now = Date.now();
    for (const element of document.querySelectorAll("time[datetime*='T']:not(.when time)")) {
      if (!original.has(element)) {
        original.set(element, element.textContent);
        element.title = element.textContent;
      }
      const said = original.get(element);
      const relative = age(Date.parse(element.dateTime), now);
      const seen = said.startsWith("seen "); // the publisher gave no date
      element.textContent = relative === null ? said : !seen ? relative : relative === "now" ? "just seen" : "seen " + relative;
    }
  };

  // On paper "3h ago" is as old as the paper: a printed page says when.
  const restore = () => {
    for (const element of document.querySelectorAll("time[title]")) element.textContent = original.get(element) || element.textContent;
  };

  refresh();
  document.addEventListener("wirekin-shown", refresh);
  addEventListener("beforeprint", restore);
  addEventListener("afterprint", refresh);
  setInterval(refresh, 60000);
})();
