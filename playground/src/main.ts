/** The playground's page: one element that is all of it. */
import "./element.tsx";
import { keepForOffline } from "./offline.ts";

keepForOffline();
