// Renders the page: text only, never HTML, for titles are YouTube's.

const PICTURES_AHEAD = 3;
const TROUBLE = {
  offline: "The server cannot be reached.",
  signed_out: "You are signed out, or somebody else is signed in.",
  forbidden: "The server refuses: reload the page.",
  failed: "The server has a problem.",
};

export const $ = (id) => document.getElementById(id);
export const data = JSON.parse($("labelling-data").textContent);
const root = $("labelling"), form = $("answer");
export const blind = root.classList.contains("blind");
export const checking = root.classList.contains("checking");

const still = matchMedia("(prefers-reduced-motion: reduce)");

export const isMood = (word) => word in data.moods;
export const named = (word) => data.moods[word] ?? (word === "skip" ? "skipped" : "unlabelled");

export function announce(text) { $("announcement").textContent = text; }

export function button(text, action) {
  const made = element("button", { type: "button", className: "plain", textContent: text });
  made.addEventListener("click", action);
  return made;
}

// On a phone; scrollIntoView would also have Tab begin there, past the links before it.
export function scrollToOrder() {
  const chosen = root.querySelector(".orders [aria-current]"), orders = chosen.parentElement;
  orders.scrollLeft = chosen.offsetLeft - orders.offsetLeft - (orders.clientWidth - chosen.offsetWidth) / 2;
}

export function showCard(card, ahead) {
  $("video-title").textContent = card.title;
  $("video-channel").textContent = card.channel;
  $("video-facts").textContent = card.facts;
  $("watch").hidden = !card.link;
  $("sample").hidden = Boolean(card.link);
  $("video-link").href = card.link ?? "";
  $("description").hidden = !card.description;
  $("video-description").textContent = card.description;
  $("media").replaceChildren(...media(card));
  form.elements.video.value = card.id;
  form.elements.seen.value = card.label;
  if (checking) $("label-now").lastElementChild.replaceWith(chip(card.label));
  for (const { picture, player } of ahead.slice(0, PICTURES_AHEAD)) {
    if (picture && !player) image(picture);
  }
}

export function play(card) {
  if (card.player) $("media").replaceChildren(player(card, "?autoplay=1"));
  else if (card.link) $("video-link").click();
}

function media(card) {
  if (card.player) return [player(card)];
  return card.picture ? [image(card.picture)] : [];
}

function player(card, options = "") {
  const frame = element("iframe", {
    src: card.player + options,
    title: `Player: ${card.title}`,
    allow: "autoplay; encrypted-media; fullscreen",
    referrerPolicy: "strict-origin-when-cross-origin", // without it YouTube plays nothing
  });
  frame.addEventListener("pointerleave", () => frame.blur()); // so that the keys act again
  return frame;
}

export function showHint(card, shown) {
  if (blind) return;
  const guesses = card.hint.map(({ mood, percent }) => {
    const guess = element("span", { className: "guess" });
    guess.append(chip(mood), ` ${percent} %`);
    return guess;
  });
  const who = card.sure ? "The model is sure: " : "The model guesses: ";
  $("hint").replaceChildren(...(guesses.length ? [who, ...guesses] : ["The model has not looked at it yet."]));
  $("hint").hidden = !shown;
  $("hint-toggle").replaceChildren(shown ? "Hide the hint " : "Show the hint ", key("h"));
}

// While there is no video: why, and what can be done about it.
export function showEmpty({ empty, exhausted, loading, undoable }, again) {
  $("card").hidden = empty;
  $("empty").hidden = !empty;
  $("undo-empty").hidden = !undoable;
  $("why-empty").hidden = !exhausted;
  const failed = !loading && !exhausted;
  $("waiting").hidden = exhausted;
  $("waiting").textContent = failed ? "More videos could not be loaded. " : "Loading more videos …";
  if (failed) $("waiting").append(button("Try again", again));
}

export function showProgress({ today, total, agreed }) {
  $("n-today").textContent = sum(today).toLocaleString();
  $("n-total").textContent = sum(total).toLocaleString();
  root.style.setProperty("--most", Math.max(1, ...Object.values(total)));
  for (const row of root.querySelectorAll(".progress tbody tr")) {
    const { mood } = row.dataset;
    row.style.setProperty("--n", total[mood]);
    row.querySelector(".total").textContent = total[mood].toLocaleString();
    row.querySelector(".today").textContent = today[mood] ? `+${today[mood]}` : "";
  }
  let streak = 0, longest = 0;
  for (const yes of agreed) longest = Math.max(longest, (streak = yes ? streak + 1 : 0));
  $("agreement").textContent = agreed.length
    ? `The model agrees with ${agreed.filter(Boolean).length} of your ${agreed.length} labels today. Streak: ${streak}, longest: ${longest}.`
    : "";
}

export function showState({ acts, saved, trouble }, again) {
  const state = $("state");
  state.role = trouble ? "alert" : null;
  state.className = trouble ? "trouble" : acts.length ? "sending" : "saved";
  if (!trouble) {
    state.textContent = acts.length ? "Saving …" : saved ? "All saved" : "";
    return;
  }
  state.textContent = `${acts.length} not saved. ${TROUBLE[trouble]} `;
  if (trouble === "signed_out") {
    state.append(element("a", { href: data.login, target: "_blank", textContent: "Sign in (new tab)" }), " ");
  }
  state.append(button("Try again", again));
}

// Answers that the server did not take: {title, say, detail, label}.
export function showProblems(problems, insist, leave) {
  $("problems").replaceChildren(...problems.map((problem) => {
    const { title, say, detail, label } = problem, line = element("p");
    const now = label === undefined ? detail : `Somebody else was quicker: it is now ${named(label)}.`;
    line.append(`Not saved: you said ${named(say)} of “${title}”. ${now} `);
    if (label !== undefined) line.append(button(`Say ${named(say)} all the same`, () => insist(problem)), " ");
    line.append(button("Leave it", () => leave(problem)));
    return line;
  }));
}

export function flash(word) {
  if (still.matches) return;
  const pressed = [...form.elements].find((each) => each.value === word);
  pressed?.animate([{ scale: 0.96, filter: "brightness(1.2)" }, {}], 200);
}

const sum = (numbers) => Object.values(numbers).reduce((a, b) => a + b, 0);
const element = (tag, properties) => Object.assign(document.createElement(tag), properties);
const image = (src) => element("img", { alt: "", referrerPolicy: "no-referrer", src });
const key = (name) => element("kbd", { textContent: name });

function chip(mood) {
  const span = element("span", { className: "mood", textContent: named(mood) });
  span.dataset.mood = mood;
  return span;
}
