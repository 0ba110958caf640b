// Watches the work on the mood model; without it the page shows how far it was when it was loaded.
document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector("#mood-model .progress");
  const underWay = (phase) => phase === "waiting" || phase === "running";
  if (!box || !underWay(box.dataset.phase)) return;
  const bar = box.querySelector("progress");
  const status = box.querySelector("[role=status]");

  const look = async () => {
    try {
      const response = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(response.status);
      const now = await response.json();
      if (!underWay(now.phase)) return location.reload(); // figures and badges change, too
      if (status.textContent !== now.text) status.textContent = now.text;
      if (now.total) bar.max = now.total;
      if (now.total) bar.value = now.done;
      else bar.removeAttribute("value");
    } catch {
      status.textContent = "The server does not answer; trying again …";
    }
    setTimeout(look, 2000);
  };
  setTimeout(look, 1000);
});
