// Adds a suggested name as a line of the list above it; without it people type the lines.
for (const box of document.querySelectorAll(".combobox[data-adds]")) {
  const lines = document.getElementById(box.dataset.adds);
  const input = box.querySelector("input");
  const add = (name) => {
    if (!name.trim()) return;
    lines.value = `${lines.value.trimEnd()}\n${name.trim()}`.trimStart();
    input.value = "";
  };
  box.hidden = false;
  input.addEventListener("chosen", ({ detail }) => add(detail));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.defaultPrevented) return;
    event.preventDefault(); // it would send the form
    add(input.value);
  });
}
