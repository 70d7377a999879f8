// How much of a long list is drawn: an old PC draws two hundred rows at once, and more when somebody comes to their end.

export class Portion {
  size = $state(200);

  more(): void {
    this.size += 300;
  }

  /** Paper wants every row. */
  all(): void {
    this.size = Infinity;
  }
}
