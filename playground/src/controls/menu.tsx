/** A button with a menu under it, which closes when the user goes elsewhere or presses Escape. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

export interface MenuProps {
  title: ComponentChildren;
  /** `menu` looks like a button, `plain` like a disclosure. */
  kind?: "menu" | "plain";
  children: ComponentChildren;
}

export function Menu({ title, kind = "menu", children }: MenuProps) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      const menu = details.current;
      if (menu?.open && !event.composedPath().includes(menu)) menu.open = false;
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("focusin", close);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("focusin", close);
    };
  }, []);
  return (
    <details
      ref={details}
      class={kind === "menu" ? "more menu" : "more"}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !details.current?.open) return;
        event.stopPropagation();
        details.current.open = false;
        details.current.querySelector("summary")?.focus();
      }}
    >
      <summary>{title}</summary>
      <div class="more-fields">{children}</div>
    </details>
  );
}
