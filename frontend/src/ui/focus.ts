/** From where each overlay was opened. */
const origins = new WeakMap<Element, Element>();
let newest: Element | undefined;

/** For the moment an overlay is about to take the focus. */
export function keepOrigin({ currentTarget: overlay }: Event): void {
  if (!(overlay instanceof HTMLElement)) return;
  const focused = document.activeElement;
  const origin = focused === document.body ? newest : focused; // on the page itself: this one takes another's place
  if (origin) origins.set(overlay, origin);
  newest = overlay;
}

/** Radix gives the focus back to the button that opens an overlay; ours open by what the page knows, and have none. */
export function giveBack(event: Event): void {
  event.preventDefault();
  if (!(event.currentTarget instanceof HTMLElement)) return;
  let origin = origins.get(event.currentTarget);
  while (origin?.isConnected === false) {
    const closed = origin.closest("[role=dialog]"); // it stood in an overlay that is gone, too
    origin = closed === null ? undefined : origins.get(closed);
  }
  if (document.activeElement === document.body && origin instanceof HTMLElement) origin.focus();
}
