// Copyright: (c) 2026, streamops.flink contributors
// SPDX-License-Identifier: GPL-3.0-or-later

"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const list = document.getElementById("rows");
  const tip = document.getElementById("tip");
  const byId = (id) => document.getElementById(id);
  const keys = Object.keys(data.kinds);
  const keyOf = Object.fromEntries(keys.map((key) => [data.kinds[key][0], key]));
  const items = [...list.children];
  const rowOf = (item) => data.rows[item.dataset.row];

  const UNITS = [
    ["t", 2 ** 40],
    ["g", 2 ** 30],
    ["m", 2 ** 20],
    ["k", 2 ** 10],
  ];
  const human = (size) => {
    if (size < 0) return "−" + human(-size);
    for (const [letter, unit] of UNITS) {
      if (size >= unit) return (size % unit ? (Math.floor((size * 10) / unit) / 10).toFixed(1) : size / unit) + letter;
    }
    return size + "b";
  };
  const exact = (size) => size.toLocaleString("en").replaceAll(",", " ");
  const signed = (size) => (size > 0 ? "+" : size < 0 ? "−" : "±") + exact(Math.abs(size));

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  };

  // ---- which rows are shown, and in which order

  const amounts = (row) => {
    const host = row.plan === null ? null : data.plans[row.plan].host;
    return host || { memory: null, planned: null, free: null };
  };
  const partsOf = (plan) => {
    const parts = new Map();
    if (plan === null) return parts;
    for (const [name, number] of data.plans[plan].processes) {
      for (const [key, [size]] of Object.entries(data.processes[number].parts)) parts.set(name + " " + key, size);
    }
    return parts;
  };
  const change = (row) => {
    const [before, after] = [partsOf(row.before), partsOf(row.plan)];
    let sum = 0;
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      sum += Math.abs((after.get(key) || 0) - (before.get(key) || 0));
    }
    return sum;
  };
  const names = new Intl.Collator("en", { numeric: true });
  const orders = {
    "": (a, b) => a.dataset.row - b.dataset.row,
    name: (a, b) => names.compare(rowOf(a).hosts[0][0], rowOf(b).hosts[0][0]),
    memory: (a, b) => amounts(rowOf(b)).memory - amounts(rowOf(a)).memory,
    planned: (a, b) => amounts(rowOf(b)).planned - amounts(rowOf(a)).planned,
    free: (a, b) => amounts(rowOf(a)).free - amounts(rowOf(b)).free,
    change: (a, b) => change(rowOf(b)) - change(rowOf(a)),
  };
  const total = data.rows.reduce((sum, row) => sum + row.hosts.length, 0);

  const titleOf = (hosts) => {
    const shown = hosts
      .slice(0, 6)
      .map(([name]) => name)
      .join(", ");
    return (hosts.length > 1 ? hosts.length + " × " : "") + shown + (hosts.length > 6 ? " …" : "");
  };

  const update = () => {
    const word = byId("find").value.trim().toLowerCase();
    const group = byId("group").value;
    const statuses = [...document.querySelectorAll("[name=status]:checked")].map((box) => box.value);
    let count = 0;
    for (const item of items) {
      const row = rowOf(item);
      const hosts = row.hosts.filter(
        ([name, groups]) => name.toLowerCase().includes(word) && (group === "" || groups.includes(Number(group))),
      );
      item.hidden = hosts.length === 0 || !statuses.includes(row.status);
      if (item.hidden) continue;
      count += hosts.length;
      const title = item.querySelector(".names");
      title.dataset.whole ??= title.textContent;
      title.textContent = hosts.length === row.hosts.length ? title.dataset.whole : titleOf(hosts);
    }
    byId("count").textContent = count + " of " + total + (total === 1 ? " host" : " hosts");
  };
  const sort = () => list.append(...items.sort(orders[byId("sort").value]));
  const rescale = () => {
    document.body.classList.toggle("own", byId("own").checked);
    for (const bar of list.querySelectorAll(".bar")) {
      bar.dataset.common ??= bar.getAttribute("viewBox");
      bar.setAttribute("viewBox", byId("own").checked ? "0 0 " + data.units + " 20" : bar.dataset.common);
    }
  };

  // ---- the details of a row

  const nest = (parts, sums, whole) => {
    const levels = [[], [], []];
    const bar = element("div");
    let end = 0;
    const place = (made, start, size) => {
      made.style.left = (start * 100) / whole + "%";
      made.style.width = (size * 100) / whole + "%";
      return made;
    };
    const start = {};
    for (const [key, [size]] of Object.entries(parts)) {
      start[key] = end;
      if (size)
        bar.append(place(element("i", { className: data.kinds[key][0], title: data.kinds[key][1] }), end, size));
      end += size;
    }
    const bracket = (level, from, key) => {
      if (!sums[key]) return;
      const words = data.sums[key] + " " + human(sums[key]);
      levels[level].push(place(element("span", { title: words }, words), from, sums[key]));
    };
    bracket(0, 0, "total_process");
    bracket(1, 0, "total_flink");
    if (parts.task_heap) {
      // Heap and direct memory lie apart in Flink's order only by what is managed.
      bracket(2, 0, "jvm_heap");
      bracket(2, start.framework_off_heap, "jvm_direct");
    }
    return element(
      "div",
      { className: "nest", ariaHidden: "true" },
      ...levels.filter((level) => level.length).map((level) => element("div", {}, ...level)),
      bar,
    );
  };

  const flags = {
    jvm_heap: "-Xmx, -Xms",
    jvm_direct: "-XX:MaxDirectMemorySize",
    jvm_metaspace: "-XX:MaxMetaspaceSize",
  };

  const table = (process, before) => {
    const whole = process.sums.total_process;
    const head = ["component", "bytes", "size", "share"];
    if (before) head.push(data.words[0], "difference");
    head.push("where it comes from");
    const line = (label, css, size, former, words) => {
      const cells = [exact(size), human(size), whole ? ((size * 100) / whole).toFixed(1) + " %" : ""];
      if (before) cells.push(former === undefined ? "" : exact(former), signed(size - (former || 0)));
      return element(
        "tr",
        {},
        element("th", { scope: "row" }, css ? element("i", { className: css }) : null, label),
        ...cells.map((text) => element("td", { className: "number" }, text)),
        element("td", {}, words),
      );
    };
    const body = element("tbody");
    for (const [key, [size, text]] of Object.entries(process.parts)) {
      const [css, label] = data.kinds[key];
      const row = line(
        label,
        css,
        size,
        before && (before.parts[key] || [0])[0],
        data.texts[text] + (flags[key] ? " (" + flags[key] + ")" : ""),
      );
      row.dataset.kind = css;
      body.append(row);
    }
    for (const [key, size] of Object.entries(process.sums)) {
      if (key in process.parts) continue;
      const row = line(data.sums[key], null, size, before && before.sums[key], flags[key] || "");
      row.className = "sum";
      body.append(row);
    }
    return element(
      "div",
      { className: "table", tabIndex: 0, role: "group", ariaLabel: "Components" },
      element(
        "table",
        {},
        element(
          "thead",
          {},
          element(
            "tr",
            {},
            ...head.map((text, index) =>
              element("th", { scope: "col", className: index && index < head.length - 1 ? "number" : "" }, text),
            ),
          ),
        ),
        body,
      ),
    );
  };

  const notesOf = (plan) => {
    const found = new Map();
    for (const [name, level, message, remedy] of plan.notes) {
      const words = data.texts[message] + " " + data.texts[remedy];
      found.set(words, { level: data.texts[level], names: [...(found.get(words)?.names || []), name] });
    }
    return [...found].map(([words, { level, names: about }]) =>
      element("li", {}, element("b", {}, level), " " + about.join(", ") + ": " + words),
    );
  };

  const about = (process, version, node) => {
    const { title, from, asked, slots } = data.sorts[process.sort];
    const given = from.map((key) => key + (process.settings[key] ? " " + process.settings[key] : ""));
    const shares = Object.entries(asked).map(([key, value]) => key + ": " + value);
    return [
      title + " of Flink " + version,
      given.length ? "from " + given.join(" and ") : "",
      shares.length ? "asked for as " + shares.join(", ") : "",
      slots ? slots + (slots === 1 ? " slot" : " slots") : "",
      node === null ? "" : "NUMA node " + node,
    ]
      .filter(Boolean)
      .join("; ");
  };

  const details = (row) => {
    const made = element("div", { className: "details" });
    if (row.hosts.length > 1) made.append(element("p", {}, row.hosts.map(([name]) => name).join(", ")));
    if (row.plan === null) return made;
    const plan = data.plans[row.plan];
    const host = plan.host;
    if (host.memory !== null) {
      made.append(
        element(
          "p",
          {},
          exact(host.memory) +
            " bytes of memory (" +
            host.limited_by +
            ") − " +
            exact(host.reserved) +
            " reserved − " +
            exact(host.planned) +
            " planned = " +
            exact(host.free) +
            " free",
        ),
      );
    }
    const former = new Map(
      row.before === null
        ? []
        : data.plans[row.before].processes.map(([name, number]) => [name, data.processes[number]]),
    );
    const kinds = new Map();
    for (const [name, number, node] of plan.processes) {
      const kind = [number, node, JSON.stringify(former.get(name) || null)].join();
      kinds.set(kind, { number, node, before: former.get(name), names: [...(kinds.get(kind)?.names || []), name] });
    }
    for (const { number, node, before, names: members } of kinds.values()) {
      const process = data.processes[number];
      const section = element(
        "section",
        {},
        element("h3", {}, members.join(", ")),
        element("p", {}, about(process, plan.version, node)),
      );
      section.dataset.names = JSON.stringify(members);
      if (process.sums.total_process) section.append(nest(process.parts, process.sums, process.sums.total_process));
      section.append(table(process, before), element("p", {}, element("code", {}, process.args.join(" "))));
      made.append(section);
    }
    const notes = notesOf(plan);
    if (notes.length) made.append(element("h3", {}, "Notes"), element("ul", { className: "notes" }, ...notes));
    return made;
  };

  const toggle = (item, open) => {
    const button = item.querySelector("button");
    button.setAttribute("aria-expanded", String(open));
    item.querySelector(".details")?.remove();
    if (open) item.append(details(rowOf(item)));
  };
  const isOpen = (item) => item.querySelector("button").getAttribute("aria-expanded") === "true";

  // ---- a segment under the pointer

  const segment = (rect) => {
    const row = rowOf(rect.closest("li"));
    const bar = rect.closest(".bar");
    const plan = data.plans[bar.dataset.words === data.words[0] && data.compared ? row.before : row.plan];
    const group = rect.parentNode;
    const member = plan.processes[[...group.parentNode.children].indexOf(group)];
    const css = rect.classList[0];
    const key = keyOf[css];
    if (!member) {
      return {
        css,
        title: data.kinds[key][1],
        size: key === "free" ? Math.max(0, plan.host.free) : plan.host.reserved,
        words: data.kinds[key][2],
      };
    }
    const [size, text] = data.processes[member[1]].parts[key];
    return { css, name: member[0], title: member[0] + ": " + data.kinds[key][1], size, words: data.texts[text] };
  };
  const show = (event) => {
    const found = segment(event.target);
    tip.replaceChildren(
      element("b", {}, found.title + " " + human(found.size)),
      element("br"),
      exact(found.size) + " bytes",
      element("br"),
      found.words,
    );
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(event.clientX + 12, innerWidth - width - 4)) + "px";
    tip.style.top =
      (event.clientY + 18 + height > innerHeight ? event.clientY - height - 10 : event.clientY + 18) + "px";
  };

  list.addEventListener("pointermove", (event) =>
    event.target.localName === "rect" ? show(event) : (tip.hidden = true),
  );
  list.addEventListener("pointerleave", () => (tip.hidden = true));
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li[data-row]");
    if (event.target.closest("button")) return toggle(item, !isOpen(item));
    if (event.target.localName !== "rect") return;
    const { css, name } = segment(event.target);
    toggle(item, true);
    for (const section of item.querySelectorAll("section")) {
      if (!name || !JSON.parse(section.dataset.names).includes(name)) continue;
      const chosen = section.querySelector("[data-kind=" + css + "]");
      chosen.classList.add("chosen");
      chosen.scrollIntoView({ block: "nearest" });
    }
  });
  list.addEventListener("keydown", (event) => {
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.target.localName !== "button") return;
    const shown = [...list.children].filter((item) => !item.hidden);
    const next = shown[shown.indexOf(event.target.closest("li")) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) next.querySelector("button").focus();
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tip.hidden = true;
  });
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  for (const control of [byId("find"), byId("group"), ...document.querySelectorAll("[name=status]")])
    control.addEventListener("input", update);
  byId("sort").addEventListener("input", sort);
  byId("own").addEventListener("input", rescale);
  document.querySelector(".guide").open = matchMedia("(min-width: 641px)").matches;
  update();
  if (items.length) toggle(items.find((item) => rowOf(item).plan !== null) || items[0], true);
})();
