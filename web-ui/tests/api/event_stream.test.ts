import { describe, expect, it } from 'vitest';

import { EventStreamParser } from '../../src/api/event_stream';

describe('the event stream', () => {
  it('gives events as they are complete, however the chunks are cut', () => {
    const whole = 'id: 7\nevent: gap\ndata: {"id":1}\n\n: beat\n\nevent: site\ndata: {"id":\ndata: "HA01"}\n\n';
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const parser = new EventStreamParser();
      const events = [...parser.push(whole.slice(0, cut)), ...parser.push(whole.slice(cut))];
      expect(events, `cut at ${cut}`).toEqual([
        { event: 'gap', data: '{"id":1}', id: '7' },
        { event: 'site', data: '{"id":\n"HA01"}', id: '7' },
      ]);
    }
  });

  it('takes each of the three line ends', () => {
    const parser = new EventStreamParser();
    expect(parser.push('data: a\r\n\r\ndata: b\n\ndata: c\r\rx').map((event) => event.data)).toEqual(['a', 'b', 'c']);
  });

  it('remembers the last id across events without one', () => {
    const parser = new EventStreamParser();
    parser.push('id: 41\ndata: x\n\ndata: y\n\n');
    expect(parser.last_id).toBe('41');
  });

  it('says nothing for comments and events without data', () => {
    expect(new EventStreamParser().push(': beat\n\nevent: gap\n\n')).toEqual([]);
  });
});
