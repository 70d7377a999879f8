// The collector's time as this page knows it. Ages are counted on the collector's clock, because the clock of an office
// PC may be years off; between answers the PC's monotonic clock carries it forward.

class Clock {
  private at_origin = Date.now() - performance.now();
  now = $state(Date.now());

  /** The collector said what time it is. */
  set(collector_now: number): void {
    this.at_origin = collector_now - performance.now();
    this.tick();
  }

  /** The collector's time at this moment; unlike `now` it is not followed. */
  read(): number {
    return this.at_origin + performance.now();
  }

  tick(): void {
    this.now = this.read();
  }

  /** Ticks once a second until the returned function is called. */
  start(): () => void {
    const timer = setInterval(() => this.tick(), 1000);
    return () => clearInterval(timer);
  }
}

export const clock = new Clock();
