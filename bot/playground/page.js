"use strict";
// Everything works without this. It lets Enter send, keeps a double click from looking broken, and looks for news.
(() => {
  const say = document.getElementById("say");
  say.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      say.form.requestSubmit();
    }
  });
  if (matchMedia("(hover: hover)").matches && !location.hash.match(/^#(people|clock)$/)) say.focus({ preventScroll: true });

  for (const form of document.forms) {
    form.addEventListener("submit", () => {
      // After the browser has read the form: a disabled button would not be sent.
      setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = true; });
      if (form.getAttribute("action") === "/clock") document.body.setAttribute("aria-busy", "true");
    });
  }
  addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("button[disabled]:not([hidden])")) button.disabled = false;
  });

  const news = document.querySelector(".news");
  const { person, seen } = document.body.dataset;
  const isIdle = () =>
    [...document.querySelectorAll("textarea, input:not([type=hidden])")].every((one) =>
      one.type === "checkbox" || one.type === "radio" ? one.checked === one.defaultChecked : one.value === one.defaultValue);
  setInterval(async () => {
    if (document.hidden || document.body.hasAttribute("aria-busy")) return;
    try {
      const { count } = await (await fetch(`/news?as=${person}`)).json();
      if (count <= Number(seen) || !news.hidden) return;
      // Another query, so that the browser goes to what is new instead of back to where it was.
      const address = `/?as=${person}&seen=${count}#newest`;
      if (isIdle()) { location.replace(address); return; }
      const link = document.createElement("a");
      link.href = address;
      link.textContent = "Show them";
      news.append("New messages have come. ", link);
      news.hidden = false;
    } catch { /* the playground was stopped; the next look may find it again */ }
  }, 4000);
})();
