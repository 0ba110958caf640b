// Sends answers one by one in their order, and keeps each until the server has it.
// They outlive a reload of the tab; an answer that came twice counts once.

const FIRST_PAUSE = 3000, LONGEST_PAUSE = 60000, TIMEOUT = 15000; // milliseconds

export const post = (url, fields) => fetch(url, {
  method: "POST",
  headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
  body: new URLSearchParams(fields),
  signal: AbortSignal.timeout(TIMEOUT),
});

// Read each time: signing in again, in another tab, changes it.
const csrfToken = () => /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";

export class Outbox {
  #key; #changed; #refused; #sending = false; #pause = FIRST_PAUSE; #timer;
  acts = []; // {order, who, video, say, seen, undo}; the first may be on its way
  saved = false; // whether anything was, since the page came
  trouble = null; // why the last try failed: "offline", "signed_out", "forbidden", "failed"

  constructor(key, { changed, refused }) {
    [this.#key, this.#changed, this.#refused] = [key, changed, refused];
    this.acts = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    addEventListener("online", () => this.send());
    addEventListener("beforeunload", (event) => { if (this.acts.length) event.preventDefault(); });
  }

  has(video) { return this.acts.some((act) => act.video === video); }

  add(act) {
    this.acts.push(act);
    this.#keep();
    if (!this.trouble) this.send();
  }

  // Takes an answer back that was not sent yet; false when it may have been.
  drop(act) {
    const place = this.acts.indexOf(act);
    if (place < 0 || act.sent) return false;
    this.acts.splice(place, 1);
    this.#keep();
    return true;
  }

  async send() {
    clearTimeout(this.#timer);
    if (this.#sending) return;
    this.#sending = true;
    this.trouble = null;
    while (this.acts.length && !this.trouble) {
      this.#changed();
      await this.#sendFirst();
      this.#keep();
    }
    this.#sending = false;
    if (this.trouble) this.#tryLater(); else this.#pause = FIRST_PAUSE;
    this.#changed();
  }

  async #sendFirst() {
    const act = this.acts[0];
    act.sent = true;
    const { order, sent, ...fields } = act;
    const answer = await post(`?order=${order}`, fields).catch(() => null);
    if (answer?.status === 401) this.trouble = "signed_out";
    else if (answer?.status === 403) this.trouble = "forbidden";
    else if (!answer) this.trouble = "offline";
    else if (![200, 400, 404, 409].includes(answer.status)) this.trouble = "failed";
    if (this.trouble) return;
    this.acts.shift();
    if (answer.ok) {
      this.saved = true;
      return;
    }
    // what was to be undone never happened
    this.acts = this.acts.filter((other) => !(other.undo && other.video === act.video));
    this.#refused(act, await answer.json().catch(() => ({})));
  }

  #tryLater() {
    this.#timer = setTimeout(() => this.send(), this.#pause);
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
  }

  #keep() {
    sessionStorage.setItem(this.#key, JSON.stringify(this.acts));
    this.#changed();
  }
}
