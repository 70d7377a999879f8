// Something asked from the collector and kept on the page: the last good answer stays, with its age, while a newer one is
// awaited or the collector is away.
import { CallError } from '../api/client';
import { clock } from './clock.svelte';
import { live } from './live.svelte';

export class Resource<T> {
  data = $state.raw<T | null>(null);
  /** When `data` was answered, on the collector's clock. */
  at = $state<number | null>(null);
  trouble = $state<CallError | null>(null);
  /** Since when an answer is awaited. */
  asked = $state<number | null>(null);

  private asking: AbortController | null = null;

  constructor(private readonly fetcher: (signal: AbortSignal) => Promise<T>) {}

  async load(): Promise<void> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    this.asked = clock.read();
    try {
      const answer = await this.fetcher(asking.signal);
      if (asking.signal.aborted) return;
      this.data = answer;
      this.at = clock.read();
      this.trouble = null;
      live.heard_at(this.at);
    } catch (error) {
      if (asking.signal.aborted) return;
      if (!(error instanceof CallError)) throw error;
      this.trouble = error;
      // There is no such thing: what the address named before is not it.
      if (error.status === 404) this.data = this.at = null;
    } finally {
      if (this.asking === asking) this.asked = null;
    }
  }

  /** A live event changed part of the answer. */
  change(edit: (data: T) => T): void {
    if (this.data !== null) this.data = edit(this.data);
  }

  cancel(): void {
    this.asking?.abort();
    this.asked = null;
  }
}

/** For use in a component's set-up: loads now, again every `every_ms`, and whenever live events may have been missed.
 *  What `fetcher` reads of the component's state before its first await is followed: a change asks anew. */
export function use_resource<T>(fetcher: (signal: AbortSignal) => Promise<T>, every_ms = 0): Resource<T> {
  const resource = new Resource(fetcher);
  $effect(() => {
    void resource.load();
    return () => resource.cancel();
  });
  $effect(() => {
    const again = () => void resource.load();
    // Over a slow line an answer may take longer than that; it is not to be cut off by the next question.
    const timer = every_ms > 0 ? setInterval(() => resource.asked === null && again(), every_ms) : undefined;
    const stop = live.listen({ missed: again });
    return () => {
      clearInterval(timer);
      stop();
    };
  });
  return resource;
}
