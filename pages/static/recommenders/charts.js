// Draws the table beside each chart. Without it, or for who does not see, the table says the same.
const canvases = [...document.querySelectorAll("canvas[data-table]")];
const dark = matchMedia("(prefers-color-scheme: dark)");
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const number = new Intl.NumberFormat("en");

function rowsOf(table) {
  return [...table.tBodies[0].rows].map((row) => {
    const [label] = row.cells;
    const value = row.querySelector("[data-value]");
    return { label: label.textContent.trim(), value: Number(value.dataset.value), link: label.querySelector("a")?.href };
  });
}

function shorten(text) {
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}

function options(canvas, rows, flat) {
  const log = canvas.dataset.scale === "logarithmic";
  const values = {
    type: log ? "logarithmic" : "linear",
    beginAtZero: !log,
    min: log ? 0.7 : undefined, // of a logarithm one is nothing
    title: { display: true, text: canvas.dataset.values, color: colour("--quiet") },
    ticks: { color: colour("--quiet"), maxTicksLimit: 6, callback: (value) => number.format(value) },
    grid: { color: colour("--line") },
  };
  const names = {
    title: { display: Boolean(canvas.dataset.names), text: canvas.dataset.names, color: colour("--quiet") },
    ticks: { color: colour("--text"), autoSkip: !flat, callback(value) { return shorten(this.getLabelForValue(value)); } },
    grid: { display: false },
  };
  return {
    indexAxis: flat ? "y" : "x",
    maintainAspectRatio: false,
    animation: false,
    scales: flat ? { x: values, y: names } : { x: names, y: values },
    plugins: { legend: { display: false }, tooltip: { displayColors: false, callbacks: { label: ({ raw }) => `${number.format(raw)} ${canvas.dataset.values}` } } },
    onClick: (event, [hit]) => hit && rows[hit.index].link && location.assign(rows[hit.index].link),
    onHover: ({ native }, [hit]) => { native.target.style.cursor = hit && rows[hit.index].link ? "pointer" : "default"; },
  };
}

function draw(canvas) {
  const rows = rowsOf(document.getElementById(canvas.dataset.table));
  const flat = canvas.dataset.kind === "bars";
  canvas.parentElement.hidden = false;
  if (flat) canvas.parentElement.style.height = `${rows.length * 26 + 70}px`;
  Chart.getChart(canvas)?.destroy();
  new Chart(canvas, {
    type: "bar",
    data: { labels: rows.map(({ label }) => label), datasets: [{ data: rows.map(({ value }) => value), backgroundColor: colour("--bar"), hoverBackgroundColor: colour("--accent"), borderRadius: flat ? 6 : 2, barPercentage: flat ? 0.85 : 1, categoryPercentage: flat ? 0.9 : 0.96 }] },
    options: options(canvas, rows, flat),
  });
}

const drawAll = () => canvases.forEach(draw);
if (window.Chart) {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  drawAll();
  dark.addEventListener("change", drawAll);
}
