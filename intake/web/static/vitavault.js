// Small comforts. Every page works without this file; it never sends anything anywhere.
"use strict";

// A summary of errors is read out first.
const problem = document.getElementById("problem");
if (problem) problem.focus();

// "/" goes to the search box, unless the reader is typing or has turned single keys off.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const box = document.querySelector("[data-slash]");
  if (event.key !== "/" || typing || !box || event.ctrlKey || event.metaKey || event.altKey) return;
  if (localStorage.getItem("keys") === "off") return;
  event.preventDefault();
  box.focus();
});

// A form is sent once, however often its button is pressed; coming back makes it usable again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
