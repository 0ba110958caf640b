// Shows the first rows anew whenever somebody says how the file is to be read.
const form = document.querySelector("#dialect");
const store = document.querySelector("#store");
const preview = document.querySelector("#preview");
let asked = 0;

// What is stored is what is shown.
function carryOver() {
  for (const { name, value, type, checked } of form.elements) {
    const hidden = name && store.elements[name];
    if (hidden) hidden.value = type === "checkbox" && !checked ? "" : value;
  }
}

async function show() {
  const number = ++asked;
  const query = new URLSearchParams(new FormData(form));
  query.set("preview", "1");
  preview.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(`?${query}`);
    const text = await response.text();
    if (number !== asked) return; // somebody typed on
    if (response.ok) preview.innerHTML = text; // of our own template, escaped there
  } catch {
    return; // the button asks again
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
