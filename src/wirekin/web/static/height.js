// Tells the page around an iframe how high its content is, now and whenever it changes: {"wirekin": {"height": 420}}.
// A height is no secret, so any page may hear it.
"use strict";
(() => {
  const tell = () => parent.postMessage({ wirekin: { height: Math.ceil(document.body.getBoundingClientRect().height) } }, "*");
  if (parent !== window) new ResizeObserver(tell).observe(document.body);
})();
