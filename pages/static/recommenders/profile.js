// Loads what is known of an artist when somebody asks for it, apart from the list.
for (const box of document.querySelectorAll("details[data-profile]")) {
  box.addEventListener("toggle", async () => {
    const inside = box.querySelector("div");
    if (!box.open || box.dataset.loaded) return;
    box.dataset.loaded = "yes";
    inside.textContent = "Looking …";
    try {
      const response = await fetch(box.dataset.profile, { headers: { "X-Requested-With": "fetch" } });
      if (!response.ok) throw new Error(response.status);
      inside.innerHTML = await response.text(); // of our own template, cleaned and escaped there
    } catch {
      inside.textContent = "Nothing could be found out just now.";
      delete box.dataset.loaded;
    }
  });
}
