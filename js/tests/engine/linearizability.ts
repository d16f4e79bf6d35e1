/**
 * Whether a history of concurrent calls can be explained by some order in which they happened one after another, each between its
 * invocation and its return: Wing and Gong's search, remembering where it has been.
 *
 * The state is the whole database, so an order that is found is a serial one for all keys at once, reads of several included. A call whose
 * outcome nobody heard may have happened at any time after its invocation, or never.
 */

/** One call of a history. Times are of one clock that no two events share. */
export interface Call<State> {
  /** What it was and what it was answered, for people. */
  readonly told: string;
  readonly invoked: number;
  /** Infinity: the outcome is unknown. */
  readonly returned: number;
  /** The state after the call if it happens in this one; undefined if it cannot have been answered so there. */
  apply(state: State): State | undefined;
}

/** Why a history cannot be explained: the longest beginning that can, and the calls of which none fits behind it. */
export interface Contradiction {
  readonly explained: readonly string[];
  readonly state: string;
  readonly stuck: readonly string[];
}

/**
 * Looks for an order. `textOf` must tell states apart. Gives undefined if there is one.
 */
export function contradiction<State>(
  history: readonly Call<State>[],
  initial: State,
  textOf: (state: State) => string,
): Contradiction | undefined {
  const calls = [...history].sort((a, b) => a.invoked - b.invoked);
  const isUnknown = (at: number) => calls[at]!.returned === Number.POSITIVE_INFINITY;
  const done = calls.map(() => false);
  const order: number[] = [];
  const seen = new Set<string>();
  let heard = calls.filter((_call, at) => !isUnknown(at)).length;
  let best: Contradiction = { explained: [], state: textOf(initial), stuck: [] };

  /** The calls that may be the next one to have happened: none that was invoked after another one had returned. */
  function candidates(): number[] {
    let firstReturn = Number.POSITIVE_INFINITY;
    const found: number[] = [];
    for (const [at, call] of calls.entries()) {
      if (done[at]) continue;
      if (call.invoked > firstReturn) break;
      found.push(at);
      firstReturn = Math.min(firstReturn, call.returned);
    }
    return found.filter((at) => calls[at]!.invoked < firstReturn);
  }

  /** The set of calls that have happened: all up to the first that has not, and what has behind it. */
  function textOfDone(): string {
    const first = done.indexOf(false);
    return `${first}:${done.flatMap((is, at) => (is && at > first ? [at] : [])).join()}`;
  }

  function search(state: State): boolean {
    if (heard === 0) return true;
    const text = textOf(state);
    const place = `${textOfDone()} ${text}`;
    if (seen.has(place)) return false;
    seen.add(place);
    const open = candidates();
    if (order.length >= best.explained.length) {
      best = { explained: order.map((at) => calls[at]!.told), state: text, stuck: open.map((at) => calls[at]!.told) };
    }
    const steps: [at: number, next: State][] = [];
    for (const at of open) {
      const next = calls[at]!.apply(state);
      if (next === undefined) continue;
      if (next !== state) steps.push([at, next]);
      // What was answered and changes nothing can happen at once: in any order where it comes later, it may as well come here.
      else if (!isUnknown(at)) return take(at, next);
    }
    // Those that were heard of first: of the others any number may never have happened.
    steps.sort(([a], [b]) => Number(isUnknown(a)) - Number(isUnknown(b)));
    return steps.some(([at, next]) => take(at, next));
  }

  /** Lets a call happen, and goes on behind it. */
  function take(at: number, next: State): boolean {
    const counted = isUnknown(at) ? 0 : 1;
    done[at] = true;
    order.push(at);
    heard -= counted;
    if (search(next)) return true;
    heard += counted;
    order.pop();
    done[at] = false;
    return false;
  }

  return search(initial) ? undefined : best;
}
