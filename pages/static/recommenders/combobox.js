// Suggests names while somebody types, as the ARIA pattern of a combobox with a list says.
// Without it the form is sent as it is, and the page suggests names where it knows none.
const WAIT_MS = 120;

class Combobox {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input");
    this.list = document.createElement("ul");
    this.said = document.createElement("p");
    this.current = -1;
    this.asked = 0;
    this.#build();
  }

  #build() {
    const id = `${this.input.id}_list`;
    Object.assign(this.list, { id, role: "listbox", hidden: true });
    this.list.setAttribute("aria-label", this.box.dataset.label || "Suggestions");
    Object.assign(this.said, { className: "unseen" });
    this.said.setAttribute("role", "status");
    this.box.append(this.list, this.said);
    const attributes = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": "false" };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => this.#soon());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.#close());
    // The press would take the focus, and close the list before the click.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => this.#choose(target.closest("li")));
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), WAIT_MS);
  }

  get #text() {
    return this.input.value.trim();
  }

  async #ask() {
    const number = ++this.asked;
    if (!this.#text) return this.#close();
    const address = new URL(this.box.dataset.suggest, location.href);
    address.searchParams.set("q", this.#text);
    let found;
    try {
      const response = await fetch(address, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(response.status);
      found = (await response.json()).results;
    } catch {
      found = []; // what is typed can be sent all the same
    }
    if (number === this.asked && document.activeElement === this.input) this.#show(found);
  }

  #show(found) {
    this.list.replaceChildren(...found.map((one, place) => this.#option(one, place)));
    this.current = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.#open(found.length > 0);
    this.said.textContent = found.length ? `${found.length} suggestions` : "No suggestions";
  }

  #option({ name, detail }, place) {
    const option = document.createElement("li");
    Object.assign(option, { id: `${this.list.id}_${place}`, role: "option" });
    option.setAttribute("aria-selected", "false");
    option.dataset.value = name;
    const [first, second] = [document.createElement("span"), document.createElement("small")];
    first.textContent = name;
    second.textContent = detail ?? "";
    option.append(first, second);
    return option;
  }

  #key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      event.preventDefault();
      if (this.list.hidden) return this.#ask();
      this.#move(steps[event.key]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.#close();
    } else if (event.key === "Enter" && this.current >= 0 && !this.list.hidden) {
      event.preventDefault();
      this.#choose(this.list.children[this.current]);
    }
  }

  #move(step) {
    const options = [...this.list.children];
    if (!options.length) return;
    options[this.current]?.setAttribute("aria-selected", "false");
    const from = this.current < 0 && step < 0 ? 0 : this.current;
    this.current = (from + step + options.length) % options.length;
    const option = options[this.current];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  #choose(option) {
    if (!option) return;
    this.input.value = option.dataset.value;
    this.#close();
    if ("submit" in this.box.dataset) this.input.form.requestSubmit();
    else this.input.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: option.dataset.value }));
  }

  #open(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  #close() {
    clearTimeout(this.timer);
    this.asked++; // an answer under way comes too late
    this.current = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.#open(false);
  }
}

for (const box of document.querySelectorAll(".combobox[data-suggest]")) new Combobox(box);
