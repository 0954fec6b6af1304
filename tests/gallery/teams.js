// Adaptive Cards drawn by Microsoft's renderer, with colours and sizes like those of Teams. Reads `cards` and `isDark`.
const ink = isDark ? "#ffffff" : "#242424", soft = isDark ? "#adadad" : "#616161", accent = isDark ? "#9299f7" : "#5b5fc7";
const colours = { default: { default: ink, subtle: soft }, accent: { default: accent, subtle: accent } };
const style = background => ({ backgroundColor: background, foregroundColors: colours });
const host = new AdaptiveCards.HostConfig({
  fontFamily: '"Segoe UI", system-ui, "Noto Sans", sans-serif',
  fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
  fontWeights: { lighter: 300, default: 400, bolder: 600 },
  lineHeights: { small: 16, default: 20, medium: 22, large: 24, extraLarge: 32 },
  spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
  separator: { lineThickness: 1, lineColor: isDark ? "#3d3d3d" : "#e0e0e0" },
  containerStyles: { default: style(isDark ? "#292929" : "#ffffff"), emphasis: style(isDark ? "#1f1f1f" : "#f0f0f0") },
  imageSizes: { small: 40, medium: 80, large: 160 },
  actions: { maxActions: 6, spacing: "default", buttonSpacing: 8, actionsOrientation: "horizontal", actionAlignment: "left" },
  inputs: {
    label: { inputSpacing: "small", requiredInputs: { weight: "bolder" }, optionalInputs: { weight: "bolder" } },
    errorMessage: { color: "default" },
  },
});
// As Teams does: what a card leaves to Markdown is read as Markdown.
const markdown = window.markdownit({ html: false, linkify: false });
AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdown.render(text);
  result.didProcess = true;
};
for (const json of cards) {
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = host;
  card.parse(json);
  const bubble = document.createElement("div");
  bubble.className = "bubble";
  bubble.append(card.render());
  document.body.append(bubble);
}
