// Posts the height of an iframe's content to the page around it, now and at each change: {"wirekin": {"height": 420}}.
// A height is no secret, so the message is sent to any origin.
"use strict";
(() => {
  const tell = () => parent.postMessage({ wirekin: { height: Math.ceil(document.body.getBoundingClientRect().height) } }, "*");
  if (parent !== window) new ResizeObserver(tell).observe(document.body);
})();
