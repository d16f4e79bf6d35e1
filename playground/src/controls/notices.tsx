/** The messages at the page's lower edge. */
import { useApp } from "../app/context.ts";
import { Icon } from "./icon.tsx";

export function Notices() {
  const app = useApp();
  const notices = app.notices.value;
  return (
    <div class="notices">
      {notices
        .filter(({ kind }) => kind === "progress")
        .map(({ id, title, text, share }) => (
          <div key={id} class="notice">
            <strong>{title}</strong> {text}
            <progress aria-label={title} {...(share === undefined ? {} : { value: share })} />
          </div>
        ))}
      <div role="status">
        {notices
          .filter(({ kind }) => kind === "done")
          .map(({ id, title, text }) => (
            <p key={id} class="notice">
              <strong>{title}</strong> {text}
            </p>
          ))}
      </div>
      <div role="alert">
        {notices
          .filter(({ kind }) => kind === "error")
          .map(({ id, title, text }) => (
            <p key={id} class="notice error">
              <span>
                <strong>{title}</strong> {text}
              </span>
              <button type="button" class="ghost" aria-label="Dismiss" onClick={() => app.dismiss(id)}>
                <Icon name="close" />
              </button>
            </p>
          ))}
      </div>
    </div>
  );
}
