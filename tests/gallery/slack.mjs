// Messages of Block Kit as HTML: JSON on standard input ({name: [[block]]}), JSON on standard output ({name: {theme: html}}).
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Message } from "slack-blocks-to-jsx";

let given = "";
for await (const chunk of process.stdin) given += chunk;

// What this renderer says under every input, and Slack under none.
const ADDED = /<p>\u21B5 Please [^<]*<\/p>/g;

const draw = (blocks, theme) =>
  renderToStaticMarkup(createElement(Message, { blocks, theme, logo: "https://gallery.example/icon.png", name: "Throughline", time: new Date("2027-03-10T13:30:00") })).replaceAll(ADDED, "");

const drawn = Object.fromEntries(
  Object.entries(JSON.parse(given)).map(([name, messages]) => [
    name,
    Object.fromEntries(["light", "dark"].map(theme => [theme, messages.map(blocks => draw(blocks, theme)).join("\n")])),
  ]),
);
process.stdout.write(JSON.stringify(drawn));
