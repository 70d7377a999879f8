// Small run-time validators. A Shape turns an unknown value into T or throws a ShapeError that says where and what was
// expected; the type of an answer is derived from its shape, so that it is written down once. Unknown keys are ignored:
// a newer collector may say more than this page understands.

export class ShapeError extends Error {
  constructor(
    readonly path: string,
    readonly expected: string,
    readonly value: unknown,
  ) {
    super(`${path || 'answer'}: expected ${expected}, got ${brief(value)}`);
    this.name = 'ShapeError';
  }
}

export type Shape<T> = (value: unknown, path?: string) => T;
export type Infer<S> = S extends Shape<infer T> ? T : never;

function brief(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

export const text: Shape<string> = (value, path = '') => {
  if (typeof value !== 'string') throw new ShapeError(path, 'text', value);
  return value;
};

export const number: Shape<number> = (value, path = '') => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new ShapeError(path, 'a number', value);
  return value;
};

export const flag: Shape<boolean> = (value, path = '') => {
  if (typeof value !== 'boolean') throw new ShapeError(path, 'true or false', value);
  return value;
};

/** ISO 8601 with zone on the wire, milliseconds since epoch here. */
export const time: Shape<number> = (value, path = '') => {
  const ms = typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(ms)) throw new ShapeError(path, 'a time', value);
  return ms;
};

/** A text or a number, as text: for names and indexes that devices give either way. */
export const label: Shape<string> = (value, path = '') => {
  if (typeof value !== 'string' && typeof value !== 'number') throw new ShapeError(path, 'text or a number', value);
  return String(value);
};

export const anything: Shape<unknown> = (value) => value;

export function oneOf<const T extends string>(...allowed: T[]): Shape<T> {
  return (value, path = '') => {
    if (!allowed.includes(value as T)) throw new ShapeError(path, `one of ${allowed.join(', ')}`, value);
    return value as T;
  };
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, path = '') => (value === null ? null : shape(value, path));
}

/** A key that may be absent or null; both become `fallback`. */
export function optional<T>(shape: Shape<T>, fallback: T): Shape<T> {
  return (value, path = '') => (value === undefined || value === null ? fallback : shape(value, path));
}

export function array<T>(shape: Shape<T>): Shape<T[]> {
  return (value, path = '') => {
    if (!Array.isArray(value)) throw new ShapeError(path, 'a list', value);
    return value.map((item, index) => shape(item, `${path}[${index}]`));
  };
}

export function record<T>(shape: Shape<T>): Shape<Record<string, T>> {
  return (value, path = '') => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ShapeError(path, 'a table', value);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shape(item, `${path}.${key}`)]));
  };
}

export function object<T extends Record<string, Shape<unknown>>>(fields: T): Shape<{ [K in keyof T]: Infer<T[K]> }> {
  return (value, path = '') => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ShapeError(path, 'an object', value);
    const source = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const [key, shape] of Object.entries(fields)) result[key] = shape(source[key], path ? `${path}.${key}` : key);
    return result as { [K in keyof T]: Infer<T[K]> };
  };
}

export function extend<A, B>(first: Shape<A>, second: Shape<B>): Shape<A & B> {
  return (value, path = '') => ({ ...first(value, path), ...second(value, path) });
}

export interface List<T> {
  items: T[];
  total: number;
  /** Rows that this page could not read; they are counted and said, never silently left out. */
  unreadable: string[];
}

export function list<T>(shape: Shape<T>): Shape<List<T>> {
  const outer = object({ items: array(anything), total: optional(nullable(number), null) });
  return (value, path = '') => {
    const { items, total } = outer(value, path);
    const result: List<T> = { items: [], total: total ?? items.length, unreadable: [] };
    items.forEach((item, index) => {
      try {
        result.items.push(shape(item, `items[${index}]`));
      } catch (error) {
        if (!(error instanceof ShapeError)) throw error;
        result.unreadable.push(error.message);
      }
    });
    return result;
  };
}
