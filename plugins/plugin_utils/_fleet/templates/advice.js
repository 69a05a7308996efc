// Copyright: (c) 2026, streamops.flink contributors
// SPDX-License-Identifier: GPL-3.0-or-later

"use strict";
(() => {
  for (const text of document.querySelectorAll("pre")) {
    const button = Object.assign(document.createElement("button"), {
      type: "button",
      className: "copy",
      textContent: "Copy",
    });
    button.addEventListener("click", async () => {
      getSelection().selectAllChildren(text);
      try {
        await navigator.clipboard.writeText(text.textContent);
        button.textContent = "Copied";
      } catch {
        // It is selected, and so one key away.
        button.textContent = "Selected";
      }
    });
    text.before(button);
  }

  const find = document.getElementById("find");
  if (!find) return;
  const items = [...document.querySelectorAll("#rows > li")];
  const boxes = [...document.querySelectorAll("[name=status]")];
  const update = () => {
    const word = find.value.trim().toLowerCase();
    const statuses = boxes.filter((box) => box.checked).map((box) => box.value);
    for (const item of items)
      item.hidden = !item.dataset.name.toLowerCase().includes(word) || !statuses.includes(item.className);
    document.getElementById("count").textContent =
      items.filter((item) => !item.hidden).length + " of " + items.length + " processes";
  };
  document.getElementById("controls").addEventListener("submit", (event) => event.preventDefault());
  for (const control of [find, ...boxes]) control.addEventListener("input", update);
  update();
})();
