"use strict";
// Tooltips and the switch between light and dark. The page is complete without them.
(() => {
  const root = document.documentElement;
  const tip = document.getElementById("tip");
  const button = document.getElementById("theme");

  const isDark = () => root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const nameButton = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.hidden = false;
  nameButton();
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    nameButton();
  });

  const make = (name, className, text) => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  };
  const write = (amount, unit) => {
    const digits = { minimumFractionDigits: unit.decimals, maximumFractionDigits: unit.decimals };
    return `${(amount / unit.base).toLocaleString("en", digits)} ${unit.symbol}`;
  };
  const show = (event, title, rows) => {
    tip.replaceChildren(make("b", "", title));
    for (const [className, name, value] of rows) {
      const row = make("div", "", "");
      row.append(make("i", `swatch ${className}`, ""), make("span", "", name), make("span", "", value));
      tip.append(row);
    }
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const left = event.clientX + 18 + width > innerWidth ? event.clientX - width - 18 : event.clientX + 18;
    tip.style.left = `${Math.max(4, left)}px`;
    tip.style.top = `${Math.min(Math.max(4, event.clientY - height / 2), innerHeight - height - 4)}px`;
  };

  const follow = (svg, place, leave) => {
    svg.addEventListener("pointermove", (event) => {
      const box = svg.getBoundingClientRect();
      const scale = svg.viewBox.baseVal.width / box.width;
      if (!place(event, (event.clientX - box.left) * scale, (event.clientY - box.top) * scale)) leave();
    });
    svg.addEventListener("pointerleave", leave);
  };

  const followColumns = (svg, { frame: [, left, right], labels, series, unit }) => {
    const cursor = svg.querySelector(".cursor");
    const width = (right - left) / labels.length;
    const place = (event, x) => {
      const at = Math.floor((x - left) / width);
      if (at < 0 || at >= labels.length) return false;
      cursor.setAttribute("x1", left + width * (at + 0.5));
      cursor.setAttribute("x2", left + width * (at + 0.5));
      cursor.style.visibility = svg.querySelector(".line") ? "visible" : "hidden";
      const rows = series.map(({ name, swatch, values }) => [swatch, name, write(values[at], unit)]);
      show(event, labels[at], rows);
      return true;
    };
    follow(svg, place, () => { tip.hidden = true; cursor.style.visibility = "hidden"; });
  };

  const followCells = (svg, { frame: [, left, right, top, height], rows, columns, cells }) => {
    const cursor = svg.querySelector(".cell-cursor");
    const width = (right - left) / columns.length;
    const place = (event, x, y) => {
      const column = Math.floor((x - left) / width);
      const row = Math.floor((y - top) / height);
      if (column < 0 || column >= columns.length || row < 0 || row >= rows.length) return false;
      const value = cells[row][column];
      cursor.setAttribute("x", left + width * column);
      cursor.setAttribute("y", top + height * row);
      cursor.style.visibility = "visible";
      const name = value === null ? "none" : `heat${Math.floor(value / 10)}`;
      const text = value === null ? "no such time" : `${value} % covered`;
      show(event, `${rows[row]} ${columns[column]}`, [[name, text, ""]]);
      return true;
    };
    follow(svg, place, () => { tip.hidden = true; cursor.style.visibility = "hidden"; });
  };

  for (const figure of document.querySelectorAll(".chart")) {
    const content = JSON.parse(figure.querySelector(".tips").textContent);
    const svg = figure.querySelector("svg");
    if (content.cells) followCells(svg, content);
    else followColumns(svg, content);
  }
})();
