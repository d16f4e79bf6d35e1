import { Notes } from "./notes.js";

const form = document.querySelector("#write");
const list = document.querySelector("#notes");
const state = document.querySelector("#state");

function noteElement(note, remove) {
  const element = document.createElement("li");
  const place = document.createElement("strong");
  place.textContent = note.Place;
  const text = document.createElement("p");
  text.textContent = note.Text;
  const button = document.createElement("button");
  button.textContent = "Delete";
  button.ariaLabel = `Delete the note of ${note.Place}`;
  button.addEventListener("click", remove);
  element.append(place, button, text);
  return element;
}

async function run() {
  const notes = await Notes.open();
  const show = async () => {
    const latest = await notes.latest();
    list.replaceChildren(...latest.map((note) => noteElement(note, () => notes.remove(note).then(show))));
  };
  const showState = () => {
    const kept = notes.lasting ? "kept on this device" : `gone with this page: ${notes.reason}`;
    state.textContent = `${navigator.onLine ? "online" : "offline"}, ${kept}`;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { place, text } = Object.fromEntries(new FormData(form));
    await notes.add(place, text);
    form.reset();
    await show();
  });
  addEventListener("online", showState);
  addEventListener("offline", showState);
  showState();
  await show();
}

if (import.meta.env.PROD) void navigator.serviceWorker?.register("./sw.js");
run().catch((error) => {
  state.textContent = `${error.name}: ${error.message}`;
});
