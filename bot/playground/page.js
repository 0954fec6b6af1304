"use strict";
// Everything works without this. It lets Enter send, keeps a second click from looking broken, says aloud what is new,
// and notices news from another window.
(() => {
  const SPOKEN = 600, EVERY = 4000;
  const { person, seen, unread, changed } = document.body.dataset;
  const say = document.getElementById("say");
  const news = document.querySelector(".news");
  const spoken = document.querySelector(".spoken");

  say.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    say.form.requestSubmit();
  });
  // Who has just written wants to go on writing; who has pressed a button wants to read on from there.
  say.form.addEventListener("submit", () => sessionStorage.setItem("wrote", person));
  const wrote = sessionStorage.getItem("wrote") === person;
  sessionStorage.removeItem("wrote");
  // After the browser has gone to the newest message, which takes the focus.
  if (wrote) addEventListener("load", () => setTimeout(() => say.focus({ preventScroll: true })));

  // What was pressed in a message that is changed where it stands: who pressed "Next" may want to press it again.
  const pressed = JSON.parse(sessionStorage.getItem("pressed") ?? "null");
  sessionStorage.removeItem("pressed");
  const entry = changed && document.getElementById(changed);
  if (entry && pressed?.entry === changed) addEventListener("load", () => setTimeout(() => {
    const fault = entry.querySelector(".fault");
    const buttons = [...entry.querySelectorAll("button:not([hidden])")];
    const again = buttons.find((one) => one.innerText === pressed.label);
    if (fault) { fault.tabIndex = -1; fault.focus({ preventScroll: true }); }
    else again?.focus({ preventScroll: true });
    entry.scrollIntoView({ block: "nearest" });
  }));

  for (const form of document.forms) {
    form.addEventListener("submit", (event) => {
      const from = form.closest(".entry");
      if (from) sessionStorage.setItem("pressed", JSON.stringify({ entry: from.id, label: event.submitter?.innerText }));
      // After the browser has read the form: a disabled button would not be sent.
      setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = true; });
      if (form.getAttribute("action") !== "/clock") return;
      document.body.setAttribute("aria-busy", "true");
      news.textContent = spoken.textContent = "Moving the clock, half-hour by half-hour. A week takes a few seconds.";
      news.hidden = false;
    });
  }
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  if (entry) {
    const words = entry.innerText.replace(/\s+/g, " ").trim();
    setTimeout(() => { spoken.textContent = words.slice(0, SPOKEN); }, 300);
  } else if (Number(unread)) {
    const start = document.getElementById("newest");
    const fresh = [...document.querySelectorAll(".entry.bot")].filter(
      (one) => one.contains(start) || start.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    const words = fresh.map((one) => one.innerText.replace(/\s+/g, " ")).join(" ");
    // A region speaks what changes in it after it is there.
    setTimeout(() => { spoken.textContent = words.slice(0, SPOKEN); }, 300);
  }

  const isIdle = () =>
    [...document.querySelectorAll("textarea, select, input:not([type=hidden])")].every((one) => {
      if (one === document.activeElement && one !== say) return false;
      if (one.type === "checkbox" || one.type === "radio") return one.checked === one.defaultChecked;
      return one.tagName === "SELECT" ? true : one.value === one.defaultValue;
    });
  setInterval(async () => {
    if (document.hidden || document.body.hasAttribute("aria-busy") || !news.hidden) return;
    try {
      const { count } = await (await fetch(`/news?as=${person}`)).json();
      if (count <= Number(seen)) return;
      // Another query, so that the browser goes to what is new instead of back to where it was.
      const address = `/?as=${person}&seen=${count}#newest`;
      if (isIdle() && !/^#(people|clock)$/.test(location.hash)) { location.replace(address); return; }
      const link = document.createElement("a");
      link.href = address;
      link.textContent = "Show them";
      news.append("New messages have come. ", link);
      news.hidden = false;
      spoken.textContent = "New messages have come.";
    } catch { /* the playground was stopped; the next look may find it again */ }
  }, EVERY);
})();
