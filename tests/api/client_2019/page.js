// Asks as the front end of 2019 did: axios 0.18 over XMLHttpRequest, thumbnails first,
// `Authorization` from localStorage (the text "null" while nobody is signed in).
"use strict";

const [api, google] = ["api", "google"].map((name) =>
  new URLSearchParams(location.search).get(name));
const show = (id, text) => { document.getElementById(id).textContent = text; };

function axios(method, path, { headers = {}, data } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, api + path, true);
    request.setRequestHeader("Accept", "application/json, text/plain, */*");
    if (data) {
      request.setRequestHeader("Content-Type", "application/json;charset=utf-8");
    }
    for (const [name, value] of Object.entries(headers)) {
      request.setRequestHeader(name, value);
    }
    request.onerror = () => reject(new Error(`Network Error: ${path}`));
    request.onload = () => {
      const response = { status: request.status, data: request.responseText };
      try { response.data = JSON.parse(response.data); } catch { /* as axios does */ }
      const good = request.status >= 200 && request.status < 300;
      good ? resolve(response) : reject(new Error(`${request.status}: ${path}`));
    };
    request.send(data ? JSON.stringify(data) : null);
  });
}

const signed = () => ({ headers: { Authorization: localStorage.getItem("token") } });
let tracks = [];

async function load() {
  const thumbnails = await axios("GET", "/api/new-videos-thumbnails/");
  const videos = await axios("GET", "/api/new-videos/", signed());
  const predictions = await axios("GET", "/api/predictions/", signed());
  tracks = videos.data.slice(0, 6);
  for (const track of tracks) {
    const picture = thumbnails.data.find((one) => one.video_id === track.video_id);
    const guess = predictions.data.find((one) => one.video_id === track.video_id);
    const mood = (guess.predicted_moods || "").toLowerCase();
    const line = document.createElement("li");
    line.textContent = [track.video_title, picture.video_thumbnail, mood].join(" | ");
    document.getElementById("tracks").append(line);
  }
  show("state", "loaded");
}

document.getElementById("suggest").addEventListener("click", async (event) => {
  const { video_id, video_title } = tracks[0];
  const data = { video_id, video_title, correct_moods: event.target.textContent };
  try {
    show("suggested", (await axios("POST", "/api/new-videos-moods/", { data })).status);
  } catch (error) { show("suggested", error.message); }
});

// The playlist view asked for three lists again and again: 120 requests in 3 seconds.
document.getElementById("storm").addEventListener("click", async () => {
  const paths = ["/api/new-videos-thumbnails/", "/api/new-videos/", "/api/predictions/"];
  const answers = [];
  for (let count = 0; count < 120; count += 1) {
    const path = paths[count % 3];
    answers.push(axios("GET", path, count % 3 ? signed() : {}));
    await new Promise((resolve) => { setTimeout(resolve, 25); });
  }
  const settled = await Promise.allSettled(answers);
  const arrays = settled.filter((one) => Array.isArray(one.value?.data));
  show("stormed", `${arrays.length} of ${settled.length}`);
});

// All that a listener did: no slash at the end, and no token where songs are moved.
async function ask(method, path, data, headers = signed()) {
  const noted = (status) => {
    const line = document.createElement("li");
    line.textContent = `${method} ${status}`;
    document.getElementById("journey").append(line);
  };
  try {
    const response = await axios(method, path, { data, ...headers });
    noted(response.status);
    return response.data;
  } catch (error) { noted(error.message.slice(0, 3)); return null; }
}

async function listen() {
  const me = { name: "Mia", email: "mia@example.org" };
  const { id, token } = await ask("POST", "/api/register/oauth", { ...me, token: google });
  localStorage.setItem("token", token);
  await ask("GET", `/api/users/${id}`);
  await ask("PUT", `/api/users/${id}`, { ...me, name: "Mia M." });
  await ask("POST", "/api/user/playlists", { name: "Rainy", user_id: `${id}` });
  const [list] = await ask("GET", `/api/user/playlists/${id}/playlists`);
  const one = `/api/user/playlists/${list.id}`;
  for (const [index, track] of tracks.entries()) {
    await ask("POST", `${one}/song`, { song_id: track.video_id, playlist_index: index });
  }
  const [first, second] = await ask("GET", `${one}/songs`);
  await ask("PUT", `${one}/song/${second.id}`, { playlist_index: 0 }, {});
  await ask("DELETE", `${one}/song/${first.id}`);
  const left = await ask("GET", `${one}/songs`);
  const { name } = await ask("GET", `/api/users/${id}`);
  await ask("DELETE", `/api/users/${id}`);
  show("listened", `${name} had ${left.map((song) => song.song_id)}`);
}

document.getElementById("listen").addEventListener("click", () => {
  listen().catch((error) => show("listened", error.message));
});

load().catch((error) => show("state", error.message));
