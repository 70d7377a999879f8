// What a person asks the collector to do: whether it is under way, and what the collector objected. Its button says
// aria-disabled, not disabled, so that the keyboard stays on it; a second press while it is under way does nothing.
import { CallError } from '../api/client';

export class Deed {
  busy = $state(false);
  trouble = $state<CallError | null>(null);

  /** True when the work was done. A refusal stays in `trouble` until the next run; what is no refusal is thrown on. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.trouble = null;
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      this.trouble = error;
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** What was objected no longer concerns what the form asks. */
  forget(): void {
    this.trouble = null;
  }
}
