/** Views that are loaded when they are first shown. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

/** A component in the place of one that is still to be loaded. */
export function deferred<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  return function Deferred(props: Props) {
    const [, again] = useState(0);
    const [failure, setFailure] = useState<Error>();
    useEffect(() => {
      if (loaded) return;
      load().then((component) => {
        loaded = component;
        again((times) => times + 1);
      }, setFailure);
    }, []);
    if (failure) {
      return (
        <p class="empty" role="alert">
          This view cannot be loaded: {failure.message}
        </p>
      );
    }
    const Loaded = loaded;
    return Loaded ? <Loaded {...props} /> : <p class="empty">Loading…</p>;
  };
}
