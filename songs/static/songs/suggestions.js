// Ticks many boxes at once and shows how many are ticked; without it each is ticked by hand.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("#suggestions form");
  const toolbar = form?.querySelector(".ticking");
  if (!toolbar) return;
  const boxes = [...form.querySelectorAll("[name=tick]")];
  const wanted = { all: () => true, top: (box) => "top" in box.dataset, none: () => false };
  const count = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    form.querySelector(".ticked").textContent = `${ticked} of ${boxes.length} ticked`;
  };
  toolbar.addEventListener("click", ({ target }) => {
    const choose = wanted[target.dataset.tick];
    if (!choose) return;
    for (const box of boxes) box.checked = choose(box);
    count();
  });
  form.addEventListener("change", count);
  toolbar.hidden = false;
  count();
});
