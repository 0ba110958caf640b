// Previews the first rows again whenever the dialect is changed.
const form = document.querySelector("#dialect");
const store = document.querySelector("#store");
const preview = document.querySelector("#preview");
let latest = 0;

// What is stored is what is shown.
function carryOver() {
  for (const { name, value, type, checked } of form.elements) {
    const hidden = name && store.elements[name];
    if (hidden) hidden.value = type === "checkbox" && !checked ? "" : value;
  }
}

async function show() {
  const number = ++latest;
  const query = new URLSearchParams(new FormData(form));
  query.set("preview", "1");
  preview.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(`?${query}`);
    const text = await response.text();
    if (number !== latest) return; // a later request is on its way
    if (response.ok) preview.innerHTML = text; // of our own template, escaped there
  } catch {
    return; // the button tries again
  }
  preview.removeAttribute("aria-busy");
  store.querySelector("[value=store]").disabled = Boolean(preview.querySelector(".problem"));
  carryOver();
}

let timer;
for (const kind of ["input", "change"]) {
  form.addEventListener(kind, () => {
    clearTimeout(timer);
    timer = setTimeout(show, 300);
  });
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
