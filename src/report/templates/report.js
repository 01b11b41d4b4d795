(() => {
  const filters = document.querySelector(".filters");
  if (!filters) return;
  const selects = [...filters.querySelectorAll("select")];
  const rows = [...document.querySelectorAll("#matters tbody tr")];
  const shown = filters.querySelector("output");
  const fits = (row, select) =>
    !select.value || (row.dataset[select.name] || "").split("\n").includes(select.value);
  const apply = () => {
    let count = 0;
    for (const row of rows) {
      row.hidden = !selects.every((select) => fits(row, select));
      if (!row.hidden) count += 1;
    }
    shown.textContent = count === rows.length ? `all ${count} shown` : `${count} of ${rows.length} shown`;
  };
  selects.forEach((select) => select.addEventListener("change", apply));
  filters.hidden = false;
  apply();
  const open = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const around = target && target.closest("details");
    if (around) { around.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", open);
  open();
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((it) => { it.open = true; }));
})();
