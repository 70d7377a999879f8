// Parses server-sent events (WHATWG HTML §9.2) from chunks of text. Pure: bytes in, events out.

export interface StreamEvent {
  event: string;
  data: string;
  id: string;
}

export class EventStreamParser {
  private rest = '';
  private event = '';
  private data: string[] = [];
  last_id = '';

  push(chunk: string): StreamEvent[] {
    // A CR at the very end may be half of a CRLF: keep it for the next chunk.
    const text = this.rest + chunk;
    const lines = text.split(/\r\n|\n|\r(?=[^])/);
    this.rest = lines.pop() ?? '';
    const events: StreamEvent[] = [];
    for (const line of lines) {
      const done = this.take(line);
      if (done) events.push(done);
    }
    return events;
  }

  private take(line: string): StreamEvent | null {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.event = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.last_id = value;
    return null;
  }

  private dispatch(): StreamEvent | null {
    const done = this.data.length > 0 ? { event: this.event || 'message', data: this.data.join('\n'), id: this.last_id } : null;
    this.event = '';
    this.data = [];
    return done;
  }
}
