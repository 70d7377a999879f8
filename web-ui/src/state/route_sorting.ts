// The order of a table that the collector sorts: kept in the page's address as sort=COLUMN, or -COLUMN for descending.
import { route } from './route.svelte';

export class RouteSorting<Order extends string> {
  constructor(private readonly fallback: string) {}

  get value(): string {
    return route.filter('sort') || this.fallback;
  }

  get by(): Order {
    return this.value.replace(/^-/, '') as Order;
  }

  get descending(): boolean {
    return this.value.startsWith('-');
  }

  choose(by: Order): void {
    const next = this.by === by && !this.descending ? `-${by}` : by;
    route.set_filter('sort', next === this.fallback ? '' : next);
  }
}
