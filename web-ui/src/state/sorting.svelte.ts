// By which column a table is sorted, and which way.

export class Sorting<Order extends string> {
  by = $state() as Order;
  descending = $state(true);

  /** Names begin with A; everything that is not among `rising` begins with the most. */
  constructor(
    by: Order,
    private readonly rising: Order[] = [],
  ) {
    this.by = by;
    this.descending = !rising.includes(by);
  }

  choose(by: Order): void {
    this.descending = this.by === by ? !this.descending : !this.rising.includes(by);
    this.by = by;
  }
}

/** What the heads of a table need, whoever keeps the order. */
export type Ordering<Order extends string> = Pick<Sorting<Order>, 'by' | 'descending' | 'choose'>;
