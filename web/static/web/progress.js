// Watches work that is under way; without it the page shows how far it was when it was loaded.
const box = document.querySelector(".progress[data-url]");
const bar = box?.querySelector("progress");
const status = box?.querySelector("[role=status]");

async function look() {
  try {
    const response = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.status);
    const now = await response.json();
    if (!now.under_way) return location.reload(); // the page has more to show now
    if (status.textContent !== now.text) status.textContent = now.text;
    if (now.total) [bar.max, bar.value] = [now.total, now.done];
    else bar.removeAttribute("value");
  } catch {
    status.textContent = "The server does not answer; trying again …";
  }
  setTimeout(look, 1500);
}

if (box) setTimeout(look, 500);
