// The one place that fetches. A call gives the checked answer or throws a CallError whose kind says what to tell the
// person: the collector could not be reached, it refused or failed, the session has ended, or its shape is unknown to us.
import { ShapeError } from './shape';
import type { Shape } from './shape';
import { failure } from './shapes';
import type { Wording } from './shapes';

export type CallErrorKind = 'unreachable' | 'signed_out' | 'refused' | 'failed' | 'misunderstood';

export class CallError extends Error {
  constructor(
    readonly kind: CallErrorKind,
    readonly words: Wording | null,
    detail: string,
    readonly status = 0,
    /** How long the collector asks to wait before the next try; 0 when it does not say. */
    readonly wait_s = 0,
  ) {
    super(detail);
    this.name = 'CallError';
  }
}

export type Query = Record<string, string | number | null | undefined>;

export interface CallOptions {
  method?: 'GET' | 'POST' | 'DELETE';
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
}

const base = '/api/v1';
/** How long nothing may come. An answer that comes slowly over a bad line has the time it needs. */
const patience_ms = 15_000;

let csrf = '';
let on_signed_out: () => void = () => {};

export function use_csrf(token: string): void {
  csrf = token;
}

export function when_signed_out(tell: () => void): void {
  on_signed_out = tell;
}

export function address(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') params.set(key, String(value));
  }
  const tail = params.toString();
  return `${base}${path}${tail ? `?${tail}` : ''}`;
}

export type TableFormat = 'csv' | 'xlsx';

/** Where a table is had as a file, its headings in the language. */
export function file_address(path: string, query: Query, format: TableFormat, lang: 'vi' | 'en'): string {
  return address(path, { ...query, format, lang });
}

async function refusal(response: Response): Promise<CallError> {
  let words: Wording | null = null;
  try {
    words = failure(await response.json()).error.message;
  } catch {
    // The answer carries no sentence of the collector's; the status must do.
  }
  const kind = response.status === 401 ? 'signed_out' : response.status >= 502 ? 'unreachable' : response.status >= 500 ? 'failed' : 'refused';
  return new CallError(kind, words, `HTTP ${response.status}`, response.status, Number(response.headers.get('retry-after')) || 0);
}

function headers(method: string, has_body: boolean): Record<string, string> {
  const result: Record<string, string> = { accept: 'application/json' };
  if (has_body) result['content-type'] = 'application/json';
  if (method !== 'GET' && csrf) result['x-csrf'] = csrf;
  return result;
}

export async function call<T>(path: string, shape: Shape<T>, options: CallOptions = {}): Promise<T> {
  const { body, status } = await fetched(path, options);
  return understood(body, status, shape);
}

async function fetched(path: string, options: CallOptions): Promise<{ body: string; status: number }> {
  const method = options.method ?? 'GET';
  const has_body = options.body !== undefined;
  const patience = new Patience(options.signal);
  try {
    const response = await fetch(address(path, options.query), {
      method,
      headers: headers(method, has_body),
      body: has_body ? JSON.stringify(options.body) : null,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: patience.signal,
    });
    if (!response.ok) {
      const error = await refusal(response);
      if (error.kind === 'signed_out' && path !== '/session') on_signed_out();
      throw error;
    }
    return { body: await whole(response, patience), status: response.status };
  } catch (error) {
    if (error instanceof CallError || options.signal?.aborted) throw error;
    throw new CallError('unreachable', null, String(error));
  } finally {
    patience.end();
  }
}

async function whole(response: Response, patience: Patience): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    patience.begin();
    text += decoder.decode(chunk.value, { stream: true });
  }
  return text + decoder.decode();
}

function understood<T>(body: string, status: number, shape: Shape<T>): T {
  try {
    return shape(body === '' ? null : JSON.parse(body));
  } catch (error) {
    if (error instanceof SyntaxError) throw new CallError('misunderstood', null, 'not JSON', status);
    if (error instanceof ShapeError) throw new CallError('misunderstood', null, error.message, status);
    throw error;
  }
}

/** Ends a call when nothing has come for a while, or when its caller ends it. */
class Patience {
  private readonly ending = new AbortController();
  private readonly stop = () => this.ending.abort();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly caller: AbortSignal | undefined) {
    if (caller?.aborted) this.stop();
    caller?.addEventListener('abort', this.stop, { once: true });
    this.begin();
  }

  get signal(): AbortSignal {
    return this.ending.signal;
  }

  /** Something came: the waiting begins anew. */
  begin(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.stop, patience_ms);
  }

  end(): void {
    clearTimeout(this.timer);
    this.caller?.removeEventListener('abort', this.stop);
  }
}

/** Opens the live stream; the caller reads and ends it. Read by hand, not by EventSource, so that the collector's
 *  heartbeat comments are seen too and a dead line is noticed without asking. */
export async function open_stream(path: string, last_id: string, signal: AbortSignal): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const extra: Record<string, string> = last_id ? { 'last-event-id': last_id } : {};
  let response: Response;
  try {
    response = await fetch(address(path), {
      headers: { accept: 'text/event-stream', ...extra },
      credentials: 'same-origin',
      cache: 'no-store',
      signal,
    });
  } catch (error) {
    throw new CallError('unreachable', null, String(error));
  }
  if (!response.ok || !response.body) {
    const error = await refusal(response);
    if (error.kind === 'signed_out') on_signed_out();
    throw error;
  }
  return response.body.getReader();
}
