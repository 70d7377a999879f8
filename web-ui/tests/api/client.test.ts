import { afterEach, describe, expect, it, vi } from 'vitest';

import { address, call, CallError, file_address, use_csrf, when_signed_out } from '../../src/api/client';
import { number, object } from '../../src/api/shape';

const shape = object({ id: number });

function answer(status: number, body: string): void {
  vi.stubGlobal('fetch', vi.fn(async () => new Response(body, { status })));
}

async function trouble_of(path = '/gaps/1'): Promise<CallError> {
  const error: unknown = await call(path, shape).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CallError)) throw new Error('the call should have failed');
  return error;
}

/** A line that brings a piece of the answer every `pause_ms`, and ends when the call is given up. */
function slow_line(pieces: string[], pause_ms: number): void {
  const bytes = new TextEncoder();
  const stub = async (_: unknown, { signal }: RequestInit) => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        signal?.addEventListener('abort', () => controller.error(new DOMException('', 'AbortError')));
        pieces.forEach((piece, place) => setTimeout(() => !signal?.aborted && controller.enqueue(bytes.encode(piece)), (place + 1) * pause_ms));
        setTimeout(() => !signal?.aborted && controller.close(), (pieces.length + 1) * pause_ms);
      },
    });
    return new Response(body, { status: 200 });
  };
  vi.stubGlobal('fetch', vi.fn(stub));
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  use_csrf('');
});

describe('an address', () => {
  it('leaves out what is not asked', () => {
    expect(address('/gaps', { state: 'open', unit: '', site: null, limit: 0 })).toBe('/api/v1/gaps?state=open&limit=0');
    expect(file_address('/gaps', { state: 'open' }, 'csv', 'vi')).toBe('/api/v1/gaps?state=open&format=csv&lang=vi');
  });
});

describe('a call', () => {
  it('gives the checked answer', async () => {
    answer(200, '{"id":3}');
    expect(await call('/gaps/3', shape)).toEqual({ id: 3 });
  });

  it('sends the session’s token with what changes something, and only then', async () => {
    answer(200, '{"id":3}');
    use_csrf('secret');
    await call('/gaps/3', shape);
    await call('/gaps/3/acknowledge', shape, { method: 'POST', body: { note: 'x' } });
    const [read, write] = vi.mocked(fetch).mock.calls;
    expect(read?.[1]?.headers).not.toHaveProperty('x-csrf');
    expect(write?.[1]?.headers).toHaveProperty('x-csrf', 'secret');
    expect(write?.[1]?.body).toBe('{"note":"x"}');
  });

  it('carries the collector’s own words of refusal', async () => {
    answer(403, '{"error":{"code":"forbidden","message":{"vi":"Chỉ được xem.","en":"Look only."}}}');
    const trouble = await trouble_of();
    expect(trouble.kind).toBe('refused');
    expect(trouble.words).toEqual({ vi: 'Chỉ được xem.', en: 'Look only.' });
  });

  it('says how long the collector asks to wait', async () => {
    vi.stubGlobal('fetch', vi.fn(async () => new Response('', { status: 429, headers: { 'retry-after': '90' } })));
    expect((await trouble_of()).wait_s).toBe(90);
    answer(429, '');
    expect((await trouble_of()).wait_s).toBe(0);
  });

  it('tells that the session has ended', async () => {
    const ended = vi.fn();
    when_signed_out(ended);
    answer(401, '');
    expect((await trouble_of()).kind).toBe('signed_out');
    expect(ended).toHaveBeenCalledOnce();
  });

  it('does not mistake a wrong password for an ended session', async () => {
    const ended = vi.fn();
    when_signed_out(ended);
    answer(401, '');
    await trouble_of('/session');
    expect(ended).not.toHaveBeenCalled();
  });

  it('has the time that a bad line needs, and gives up when nothing comes any more', async () => {
    vi.useFakeTimers();
    slow_line(['{"id', '":', '3', '}'], 10_000);
    const slow = call('/gaps/3', shape);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await slow).toEqual({ id: 3 });
    slow_line(['{"id', '":3}'], 20_000);
    const silent = trouble_of();
    await vi.advanceTimersByTimeAsync(16_000);
    expect((await silent).kind).toBe('unreachable');
  });

  it('tells an unreachable collector from one that it cannot understand', async () => {
    vi.stubGlobal('fetch', vi.fn(async () => Promise.reject(new TypeError('failed to fetch'))));
    expect((await trouble_of()).kind).toBe('unreachable');
    answer(502, 'Bad Gateway');
    expect((await trouble_of()).kind).toBe('unreachable');
    answer(500, '');
    expect((await trouble_of()).kind).toBe('failed');
    answer(200, '<html>');
    expect((await trouble_of()).kind).toBe('misunderstood');
    answer(200, '{"id":"three"}');
    expect((await trouble_of()).message).toBe('id: expected a number, got "three"');
  });
});
