// Improves /embed: the preview and the code follow the form, and a button copies the code.
// The server's answer enters the page as text and as the address of our own iframe, never as HTML.
"use strict";
(() => {
  const PAUSE = 350; // milliseconds after the last key
  const form = document.getElementById("builder");
  const frame = document.getElementById("frame");
  let timer = 0;
  let latest = 0;

  const follow = async () => {
    if (!form.checkValidity()) return;
    const mine = ++latest;
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    const answer = await fetch(address);
    if (!answer.ok || mine !== latest) return;
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const here of document.querySelectorAll("code[id], #example")) {
      here.textContent = made.getElementById(here.id).textContent;
    }
    const fresh = made.getElementById("frame");
    frame.height = fresh.height;
    if (frame.getAttribute("src") !== fresh.getAttribute("src")) frame.src = fresh.getAttribute("src");
    history.replaceState(null, "", address);
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => follow().catch(() => {}), PAUSE);
  });

  addEventListener("message", ({ source, data }) => {
    const height = source === frame.contentWindow && data && data.wirekin && Number(data.wirekin.height);
    if (height > 0 && height < 20000) frame.height = height;
  });

  const copy = async (code) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(code.textContent);
    getSelection().selectAllChildren(code); // plain http has no clipboard API: select the code, and the reader copies it
    throw new Error("no clipboard");
  };

  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const said = await copy(document.getElementById(button.dataset.of)).then(() => "Copied", () => "Selected: now press Ctrl+C");
      document.getElementById("copied").textContent = said;
      button.firstChild.textContent = said;
      setTimeout(() => { button.firstChild.textContent = "Copy"; }, 2000);
    });
  }
})();
