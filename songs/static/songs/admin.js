// Shows in the row what the server will make of it: a mood means "yes", no or unknown means no mood.
document.addEventListener("change", ({ target }) => {
  const [, prefix, name] = /^(.*?)(moods|labeled)$/.exec(target.name) ?? [];
  if (!name) return;
  const field = (other) => target.form.elements[prefix + other];
  if (name === "moods" && target.value) field("labeled").value = "true";
  if (name === "labeled" && target.value !== "true") field("moods").value = "";
});
