"use strict";
// Filters of the clause table; they live in the fragment, so that a link shows what its sender saw.
(() => {
  const filters = document.getElementById("filters");
  const fields = [...filters.querySelectorAll("select, input")];
  const rows = [...document.querySelectorAll("#clauses tbody tr")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const count = document.getElementById("count");

  const fits = (row, index, wanted) =>
    Object.entries(wanted).every(([name, value]) =>
      name === "text"
        ? value.toLowerCase().split(/\s+/).every((word) => texts[index].includes(word))
        : name === "member"
          ? row.dataset.member.split(" ").includes(value)
          : row.dataset[name] === value);

  const apply = () => {
    const wanted = Object.fromEntries(fields.filter((field) => field.value).map((field) => [field.name, field.value]));
    let shown = 0;
    rows.forEach((row, index) => {
      row.hidden = !fits(row, index, wanted);
      shown += row.hidden ? 0 : 1;
    });
    count.textContent = `${shown} of ${rows.length} clauses`;
    return new URLSearchParams(wanted).toString();
  };

  const change = () => {
    const fragment = apply();
    history.replaceState(null, "", fragment ? `#${fragment}` : "#clauses");
  };

  // A link to a finding, or to its exchange, unfolds it.
  const unfold = () => {
    const place = document.getElementById(location.hash.slice(1));
    const details = place?.querySelector("details") ?? place?.closest("details");
    if (!details) return;
    details.open = true;
    place.scrollIntoView();
  };

  const restore = () => {
    if (!location.hash.includes("=")) return unfold();
    const wanted = new URLSearchParams(location.hash.slice(1));
    fields.forEach((field) => { field.value = wanted.get(field.name) ?? ""; });
    apply();
    document.getElementById("clauses").scrollIntoView();
  };

  // Without this script there are no buttons that do nothing.
  document.querySelectorAll("[data-copy]").forEach((place) => {
    const text = place.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy: ${place.dataset.copy}`);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(place);
        button.textContent = "Selected";
      }
    });
    place.append(" ", button);
  });

  filters.addEventListener("input", change);
  filters.querySelector("button").addEventListener("click", () => {
    fields.forEach((field) => { field.value = ""; });
    change();
    fields[0].focus();
  });
  addEventListener("hashchange", restore);
  filters.hidden = false;
  apply();
  restore();
})();
