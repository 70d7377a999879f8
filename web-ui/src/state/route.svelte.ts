// Where the browser is, and the filters in its address.
import { link, parse_place } from './address';
import type { Place } from './address';

export { link };

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
