// What was pressed is often gone once it has done its work; the keyboard then goes on from a place that says what became
// of it, not from the top of the page.
import { tick } from 'svelte';

/** Waits until the page is drawn anew, then focuses the element. */
export async function focus_on(find: string | (() => HTMLElement | null | undefined)): Promise<void> {
  await tick();
  (typeof find === 'string' ? document.getElementById(find) : find())?.focus();
}
