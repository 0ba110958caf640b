// Shows how much of an upload is sent; without it the browser sends the form by itself.
const form = document.querySelector("#upload");
const box = form.querySelector(".sending");
const [bar, status, button] = ["progress", "[role=status]", "button.button"].map((what) => form.querySelector(what));
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

function failed(text) {
  box.hidden = true;
  button.disabled = false;
  const problem = Object.assign(document.createElement("p"), { className: "problem", textContent: text });
  problem.setAttribute("role", "alert");
  form.querySelectorAll(":scope > .problem").forEach((old) => old.remove());
  form.prepend(problem);
}

function onLoad({ target: request }) {
  // After a redirect: the page to check how the file is read.
  if (request.status < 400 && request.responseURL !== location.href) return location.assign(request.responseURL);
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const problem = page.querySelector(".problem, .wrong");
  failed(problem ? problem.textContent : `The server did not take it (${request.status}).`);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const bytes = [...form.elements.files.files].reduce((sum, file) => sum + file.size, 0);
  if (bytes > Number(form.dataset.most)) return failed(`That is ${megabytes(bytes)} MB; at most ${megabytes(Number(form.dataset.most))} MB are taken at once.`);
  const request = new XMLHttpRequest();
  request.open("POST", location.href);
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = loaded / total;
    status.textContent = loaded < total ? `${megabytes(loaded)} of ${megabytes(total)} MB sent` : "All is sent; looking at it …";
  });
  request.addEventListener("load", onLoad);
  request.addEventListener("error", () => failed("The connection broke. Nothing was stored; send it again."));
  request.send(new FormData(form));
  box.hidden = false;
  button.disabled = true;
});
