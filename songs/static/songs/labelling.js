// One video at a time: the next ones are here already, answers travel in the background.
import { Outbox, post } from "./labelling_outbox.js";
import * as view from "./labelling_view.js";
import { $, blind, checking, data, isMood } from "./labelling_view.js";

const REFILL_BELOW = 10;
const RENEW_EVERY = 120_000, IDLE_AFTER = 900_000; // milliseconds; a claim lasts 5 minutes

const help = $("help"), form = $("answer");
const done = []; // {card, say, agrees, act, refused}, the latest last
const problems = new Map(); // by video
let queue = [], loading = false, exhausted = false, lastAct = Date.now();

const outbox = new Outbox(`moodibeats.label.${data.who}`, { changed: showState, refused });

// --- answers

function say(word) {
  const card = queue.shift();
  if (!card) return;
  const act = { order: data.order, who: data.who, video: card.id, say: word, seen: card.label };
  const agrees = isMood(word) && card.hint.length ? card.hint[0].mood === word : null;
  done.push({ card, say: word, agrees, act });
  leave({ act });
  outbox.add(act);
  view.flash(word);
  const skipped = checking ? "Passed." : "Skipped.";
  next(word === "skip" ? skipped : `${view.named(word)}.`);
}

function undo() {
  const last = done.pop();
  if (!last) return view.announce("Nothing to undo.");
  const { card, act } = last;
  queue.unshift(card);
  const onlyPassed = checking && act.say === "skip";
  if (!outbox.drop(act) && !onlyPassed && !last.refused) {
    outbox.add({ ...act, sent: false, say: act.seen, seen: act.say, undo: 1 });
  }
  next("Undone.");
}

// The server did not take an answer; `answer` has why, and how the video is labelled now.
function refused(act, { detail = "", label }) {
  const entry = done.find((each) => each.act === act);
  if (!entry && queue.some((card) => card.id === act.video)) return; // undone meanwhile
  if (entry) entry.refused = true;
  if (entry && label) entry.card.label = label;
  problems.set(act.video, { title: entry?.card.title ?? act.video, act, say: act.say, detail, label });
  showProblems();
  showRest();
}

function insist({ act, label }) {
  const again = { ...act, seen: label, sent: false };
  const entry = done.find((each) => each.act === act);
  if (entry) Object.assign(entry, { act: again, refused: false });
  leave({ act });
  showRest();
  outbox.add(again);
}

function leave({ act }) {
  if (problems.delete(act.video)) showProblems();
}

// --- videos

async function refill() {
  if (loading || exhausted || queue.length >= REFILL_BELOW) return;
  loading = true;
  const videos = await more();
  loading = false;
  if (videos) {
    exhausted = !videos.length;
    const wasEmpty = !queue.length;
    const known = new Set([...queue, ...done.map((each) => each.card)].map((card) => card.id));
    queue.push(...videos.filter((card) => !known.has(card.id) && !outbox.has(card.id)));
    if (wasEmpty && queue.length) return next("");
  }
  showEmpty();
}

async function more(wanted = {}) {
  const answer = await post(`${data.more}?order=${data.order}`, wanted).catch(() => null);
  return answer?.ok ? (await answer.json()).videos : null;
}

function next(spoken) {
  lastAct = Date.now();
  showCard();
  showRest();
  if (checking) $("keep").focus({ preventScroll: true }); // so that Enter keeps
  const [card] = queue;
  view.announce(`${spoken} ${card ? `Next: ${card.title}. ${card.channel}` : "No more videos."}`);
  refill();
}

function keepClaims() {
  if (Date.now() - lastAct < IDLE_AFTER) more({ want: 0 });
}

// --- the screen

function showCard() {
  if (!queue.length) return;
  view.showCard(queue[0], queue.slice(1));
  view.showHint(queue[0], isOn("hint"));
}

function showRest() {
  showEmpty();
  view.showProgress(progress());
}

// Only when they change: each time, a screen reader reads them out.
function showProblems() {
  view.showProblems([...problems.values()], insist, leave);
}

function showEmpty() {
  view.showEmpty({ empty: !queue.length, exhausted, loading, undoable: done.length > 0 }, refill);
}

function showState() {
  view.showState(outbox, () => outbox.send());
  if (outbox.saved && !outbox.acts.length && !queue.length) refill(); // the server is back
}

// What the server counted when the page came, and the answers since.
function progress() {
  const today = { ...data.progress.today }, total = { ...data.progress.total };
  const labels = done.filter((each) => isMood(each.say) && !each.refused);
  for (const { card, say: mood } of labels) {
    today[mood] += 1;
    if (!blind) total[mood] += 1;
    if (checking && isMood(card.label)) total[card.label] -= 1;
  }
  const agreed = labels.map((each) => each.agrees).filter((yes) => yes !== null);
  return { today, total, agreed: [...data.progress.agreed, ...agreed] };
}

// --- what this browser remembers

function isOn(name) { return localStorage.getItem(`moodibeats.label.${name}`) !== "off"; }

function turn(name, on) { localStorage.setItem(`moodibeats.label.${name}`, on ? "on" : "off"); }

function toggleHint() {
  if (blind) return;
  turn("hint", !isOn("hint"));
  if (queue.length) view.showHint(queue[0], isOn("hint"));
  view.announce(isOn("hint") ? $("hint").textContent : "The hint is hidden.");
}

// --- keys and clicks

const KEYS = {
  s: () => say("skip"),
  u: undo,
  h: toggleHint,
  p: () => queue.length && view.play(queue[0]),
  "?": () => help.showModal(),
  enter: () => checking && queue.length && say(queue[0].label),
};
const moods = Object.keys(data.moods);
moods.forEach((mood, i) => { KEYS[i + 1] = () => say(mood); });

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
  if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
  // On some keyboards the digits of the top row need Shift.
  const digit = event.shiftKey ? null : /^Digit([1-6])$/.exec(event.code)?.[1];
  const action = KEYS[digit ?? event.key.toLowerCase()];
  if (!action || !isOn("keys")) return;
  event.preventDefault();
  action();
});

form.addEventListener("click", (event) => {
  if (event.detail > 1) event.preventDefault(); // the second click is not for the next video
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  say(event.submitter.id === "keep" ? queue[0].label : event.submitter.value);
});
$("undo").addEventListener("click", undo);
$("undo-empty").addEventListener("click", undo);
$("hint-toggle")?.addEventListener("click", toggleHint);
$("help-open").addEventListener("click", () => help.showModal());
$("keys-on").checked = isOn("keys");
$("keys-on").addEventListener("change", (event) => turn("keys", event.target.checked));

queue = data.queue.filter((card) => !outbox.has(card.id)); // answered before a reload
exhausted = !data.queue.length;
for (const part of document.querySelectorAll(".script")) part.hidden = false;
view.scrollToOrder();
setInterval(keepClaims, RENEW_EVERY);
showState();
showCard();
showRest();
if (checking) $("keep").focus({ preventScroll: true });
outbox.send();
refill();
