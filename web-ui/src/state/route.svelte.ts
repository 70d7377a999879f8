// The address of the page, kept behind the # so that the collector only serves files: #/sites/HA01?state=open.
// Filters live in the address too: a link shows a colleague the same rows.

export interface Place {
  page: string;
  id: string | null;
  filters: URLSearchParams;
}

export function parse_place(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page = '', ...rest] = path.split('/');
  let id: string | null = rest.length > 0 ? rest.join('/') : null;
  try {
    if (id !== null) id = decodeURIComponent(id);
  } catch {
    // A half-written escape typed by hand: take it as it stands.
  }
  return { page: page || 'gaps', id: id || null, filters: new URLSearchParams(query) };
}

export function link(page: string, id: string | number | null = null, filters: URLSearchParams | null = null): string {
  const query = filters?.toString();
  return `#/${page}${id === null ? '' : `/${encodeURIComponent(id)}`}${query ? `?${query}` : ''}`;
}

class Route {
  place = $state.raw<Place>(parse_place(location.hash));

  start(): () => void {
    const moved = () => (this.place = parse_place(location.hash));
    window.addEventListener('hashchange', moved);
    return () => window.removeEventListener('hashchange', moved);
  }

  filter(name: string): string {
    return this.place.filters.get(name) ?? '';
  }

  /** Changes one filter without a new entry in the browser's history. Other rows begin at their first page. */
  set_filter(name: string, value: string): void {
    const filters = new URLSearchParams(this.place.filters);
    if (name !== 'columns') filters.delete('page');
    if (value === '') filters.delete(name);
    else filters.set(name, value);
    this.replace(filters);
  }

  /** Puts other filters in place of all that are set. */
  replace(filters: URLSearchParams): void {
    history.replaceState(null, '', link(this.place.page, this.place.id, filters));
    this.place = { ...this.place, filters };
  }

  /** All rows again; how they are shown (columns, order, tab, period of a chart) stays. */
  clear_filters(): void {
    const looks = ['columns', 'sort', 'view', 'range'];
    this.replace(new URLSearchParams([...this.place.filters].filter(([name]) => looks.includes(name))));
  }
}

export const route = new Route();
