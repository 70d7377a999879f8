// Which part of a drawing is seen: moved and zoomed by mouse, touch and keyboard. Sizes are the drawing's own units.

interface Point {
  x: number;
  y: number;
}

const least = 0.1;
const most = 3;

export class PanZoom {
  x = $state(0);
  y = $state(0);
  scale = $state(1);
  private width = 0;
  private height = 0;
  private pointers = new Map<number, Point>();
  /** How far the pointer went since it came down: a click is not a drag. */
  private travelled = 0;

  /** The part in view, as an SVG viewBox. */
  view_box(width: number, height: number): string {
    return `${this.x} ${this.y} ${width / this.scale} ${height / this.scale}`;
  }

  resize(width: number, height: number): void {
    this.width = width;
    this.height = height;
  }

  /** Everything in view; small drawings are not blown up. */
  fit(width: number, height: number): void {
    const margin = 24;
    this.scale = limit(Math.min((this.width - 2 * margin) / width, (this.height - 2 * margin) / height, 1.15));
    this.x = (width - this.width / this.scale) / 2;
    this.y = height * this.scale < this.height - 2 * margin ? (height - this.height / this.scale) / 2 : -margin / this.scale;
  }

  /** As much as can be read: on a narrow page the beginning, at the left. */
  begin(width: number, height: number): void {
    this.fit(width, height);
    const readable = 0.62;
    if (this.width > 600 || this.scale >= readable) return;
    this.scale = readable;
    this.x = -12 / readable;
    this.y = height * readable < this.height ? (height - this.height / readable) / 2 : -12 / readable;
  }

  /** A place of the drawing into the middle, near enough to be read. */
  show(point: Point): void {
    this.scale = Math.max(this.scale, 0.7);
    this.x = point.x - this.width / this.scale / 2;
    this.y = point.y - this.height / this.scale / 2;
  }

  /** Zooms by a factor, keeping what is at `at` (pixels of the frame) in its place. */
  zoom(factor: number, at: Point = { x: this.width / 2, y: this.height / 2 }): void {
    const next = limit(this.scale * factor);
    this.x += at.x / this.scale - at.x / next;
    this.y += at.y / this.scale - at.y / next;
    this.scale = next;
  }

  move(dx: number, dy: number): void {
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
  }

  get was_drag(): boolean {
    return this.travelled > 5;
  }

  down(id: number, at: Point): void {
    if (this.pointers.size === 0) this.travelled = 0;
    this.pointers.set(id, at);
  }

  up(id: number): void {
    this.pointers.delete(id);
  }

  /** One pointer moves the drawing; two zoom it. */
  drag(id: number, at: Point): void {
    const before = this.pointers.get(id);
    if (!before) return;
    const other = [...this.pointers].find(([other]) => other !== id)?.[1];
    this.travelled += Math.hypot(at.x - before.x, at.y - before.y);
    if (other) {
      const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
      const apart = (point: Point) => Math.max(8, Math.hypot(point.x - other.x, point.y - other.y));
      this.zoom(apart(at) / apart(before), middle);
      this.move((at.x - before.x) / 2, (at.y - before.y) / 2);
    } else {
      this.move(at.x - before.x, at.y - before.y);
    }
    this.pointers.set(id, at);
  }

  /** Arrows move, + and - zoom; true when the key was meant for the drawing. */
  key(key: string): boolean {
    const step = 60;
    switch (key) {
      case 'ArrowLeft':
        this.move(step, 0);
        return true;
      case 'ArrowRight':
        this.move(-step, 0);
        return true;
      case 'ArrowUp':
        this.move(0, step);
        return true;
      case 'ArrowDown':
        this.move(0, -step);
        return true;
      case '+':
      case '=':
        this.zoom(1.25);
        return true;
      case '-':
        this.zoom(0.8);
        return true;
      default:
        return false;
    }
  }
}

function limit(scale: number): number {
  return Number.isFinite(scale) ? Math.min(most, Math.max(least, scale)) : 1;
}
