// By which column a table is sorted, and which way.

export class Sorting<Order extends string> {
  by = $state() as Order;
  descending = $state(true);

  constructor(by: Order, descending = true) {
    this.by = by;
    this.descending = descending;
  }

  choose(by: Order): void {
    this.descending = this.by === by ? !this.descending : true;
    this.by = by;
  }
}
