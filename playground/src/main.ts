/** The playground's first page: opens the database, says where it is, and joins the page's parts. */
import { setUpCreateForm } from "./create-form.ts";
import { byId } from "./elements.ts";
import { fitItemForm, setUpItemForm } from "./item-form.ts";
import { fitQueryForm, setUpQueryForm } from "./query-form.ts";
import { showAnswer, showFailure, showWaiting } from "./result-view.ts";
import { loadSample } from "./sample-music.ts";
import { openSession, type Session } from "./session.ts";
import { showOpenFailure, showStorage } from "./storage-notice.ts";
import { Tables } from "./tables.ts";

async function join(session: Session): Promise<void> {
  const tables = new Tables(session, (table) => {
    fitItemForm(table);
    fitQueryForm(table);
  });
  setUpCreateForm(session, (name) => tables.show(name));
  setUpItemForm(
    session,
    () => tables.current,
    () => tables.refresh(),
  );
  setUpQueryForm(session);
  byId("load-sample", HTMLButtonElement).addEventListener("click", async () => {
    showWaiting();
    try {
      const { table, items } = await loadSample(session);
      await tables.show(table);
      showAnswer(`${items} songs are in ${table}`);
    } catch (error) {
      showFailure("Loading the sample data", error);
    }
  });
  await tables.refresh();
  byId("workbench", HTMLElement).hidden = false;
}

try {
  const session = await openSession();
  showStorage(session.db);
  await join(session);
} catch (error) {
  showOpenFailure(error);
}
