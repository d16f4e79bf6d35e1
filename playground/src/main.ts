/** The playground's page: one element that is all of it. */
import "./element.tsx";
import { keepForOffline } from "./offline.ts";

/** How long after the database is open: until then the line is for what the page needs to show it. */
const AFTER_OPENING_MS = 2000;

const playground = document.querySelector("dynatab-playground");
playground?.addEventListener("databaseopen", () => setTimeout(keepForOffline, AFTER_OPENING_MS), { once: true });
