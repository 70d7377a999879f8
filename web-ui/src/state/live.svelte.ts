// The live line to the collector: reads the event stream, notices when it falls silent, dials again with growing pauses.
// Pages listen to it; the frame shows its state and since when.
import { CallError, open_stream } from '../api/client';
import { EventStreamParser } from '../api/event_stream';
import { ShapeError } from '../api/shape';
import { agent, gap, hello, site } from '../api/shapes';
import type { Agent, Gap, Site } from '../api/shapes';
import { clock } from './clock.svelte';

export type LineState = 'dialling' | 'live' | 'lost';

export interface Listener {
  gap?: (gap: Gap) => void;
  site?: (site: Site) => void;
  agent?: (agent: Agent) => void;
  /** Something may have been missed: ask for everything again. */
  missed?: () => void;
}

// The collector sends a comment every 15 s; two of them missing means that the line is dead.
const silence_ms = 35_000;
const pauses_ms = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

class LiveLine {
  state = $state<LineState>('dialling');
  /** When anything at all last came from the collector. */
  last_heard = $state<number | null>(null);
  next_try = $state<number | null>(null);

  private listeners = new Set<Listener>();
  private parser = new EventStreamParser();
  private wake: (() => void) | null = null;
  private was_lost = false;

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): () => void {
    const stopping = new AbortController();
    void this.run(stopping.signal);
    return () => {
      stopping.abort();
      this.wake?.();
    };
  }

  /** An answer came outside of the stream: no page is newer than what the frame calls last heard. */
  heard_at(time: number): void {
    this.last_heard = Math.max(this.last_heard ?? time, time);
  }

  try_now(): void {
    this.wake?.();
  }

  private async run(stop: AbortSignal): Promise<void> {
    let failures = 0;
    while (!stop.aborted) {
      const lived = await this.hold(stop);
      if (stop.aborted) return;
      failures = lived ? 0 : failures + 1;
      this.state = 'lost';
      this.was_lost = true;
      const pause = pauses_ms[Math.min(failures, pauses_ms.length - 1)] ?? 30_000;
      await this.pause(pause * (0.8 + 0.4 * Math.random()));
    }
  }

  /** Holds one connection until it ends; true when it carried anything. */
  private async hold(stop: AbortSignal): Promise<boolean> {
    const ending = new AbortController();
    const end = () => ending.abort();
    stop.addEventListener('abort', end, { once: true });
    let watch = setTimeout(end, silence_ms);
    let lived = false;
    this.parser = Object.assign(new EventStreamParser(), { last_id: this.parser.last_id });
    try {
      const reader = await open_stream('/live', this.parser.last_id, ending.signal);
      const decoder = new TextDecoder();
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        clearTimeout(watch);
        watch = setTimeout(end, silence_ms);
        if (!lived) this.connected();
        lived = true;
        this.last_heard = clock.now;
        for (const event of this.parser.push(decoder.decode(chunk.value, { stream: true }))) this.deliver(event.event, event.data);
      }
    } catch (error) {
      if (!ending.signal.aborted && !(error instanceof CallError) && !(error instanceof TypeError)) throw error;
    } finally {
      clearTimeout(watch);
      stop.removeEventListener('abort', end);
    }
    return lived;
  }

  private connected(): void {
    this.state = 'live';
    this.next_try = null;
    if (this.was_lost) this.tell_missed();
    this.was_lost = false;
  }

  private tell_missed(): void {
    for (const listener of this.listeners) listener.missed?.();
  }

  private deliver(event: string, data: string): void {
    try {
      if (event === 'hello') clock.set(hello(JSON.parse(data)).now);
      else if (event === 'resync') this.tell_missed();
      else if (event === 'gap') this.each('gap', gap(JSON.parse(data)));
      else if (event === 'site') this.each('site', site(JSON.parse(data)));
      else if (event === 'agent') this.each('agent', agent(JSON.parse(data)));
    } catch (error) {
      if (!(error instanceof ShapeError) && !(error instanceof SyntaxError)) throw error;
      // An item we cannot read: the lists know how to show that, so let them ask.
      this.tell_missed();
    }
  }

  private each<K extends 'gap' | 'site' | 'agent'>(kind: K, item: Parameters<NonNullable<Listener[K]>>[0]): void {
    for (const listener of this.listeners) (listener[kind] as ((value: typeof item) => void) | undefined)?.(item);
  }

  private pause(ms: number): Promise<void> {
    this.next_try = clock.now + ms;
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    }).then(() => {
      this.wake = null;
      this.next_try = null;
    });
  }
}

export const live = new LiveLine();
