/** TanStack Virtual for Preact: which rows of a long list are in sight. */
import { elementScroll, observeElementOffset, observeElementRect, type VirtualItem, Virtualizer } from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef } from "preact/hooks";

export interface VirtualRows {
  rows: VirtualItem[];
  /** The height of the whole list. */
  height: number;
  scrollTo(index: number): void;
  /** Measures a row whose height is not known before. */
  measure(element: Element | null): void;
}

export interface VirtualRowsOptions {
  count: number;
  scroller: RefObject<HTMLElement | null>;
  /** The height of a row, or a guess. */
  rowHeight: (index: number) => number;
  /** The height of a heading that stays at the scroller's top, above the rows. */
  headHeight?: number;
}

export function useVirtualRows({ count, scroller, rowHeight, headHeight = 0 }: VirtualRowsOptions): VirtualRows {
  const [, again] = useReducer((times: number) => times + 1, 0);
  const kept = useRef<Virtualizer<HTMLElement, Element> | undefined>(undefined);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: rowHeight,
    overscan: 12,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => again(0),
  };
  kept.current ??= new Virtualizer(options);
  const virtualizer = kept.current;
  virtualizer.setOptions(options);
  useEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  return {
    rows: virtualizer.getVirtualItems().map((row) => ({ ...row, start: row.start - headHeight })),
    height: virtualizer.getTotalSize(),
    scrollTo: (index) => virtualizer.scrollToIndex(index),
    measure: (element) => virtualizer.measureElement(element),
  };
}
