// Where the trees of a topology are drawn: ways out at the left, layer by layer to the right, a row for every end. Trees
// that stand alone are blocks, packed into columns. Pure.
import type { TopologyLink } from '../api/inventory';
import type { Branch, Forest } from './topology_tree';

export const box = { width: 176, height: 36, row: 44, layer: 236, title: 26, between: 28 };

export interface PlacedNode {
  branch: Branch;
  x: number;
  y: number;
}

export interface PlacedLink {
  link: TopologyLink;
  path: string;
  /** Where its mark is put. */
  x: number;
  y: number;
  is_extra: boolean;
}

export interface Block {
  site: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  nodes: PlacedNode[];
  links: PlacedLink[];
  blocks: Block[];
  width: number;
  height: number;
}

interface Drawn {
  site: string;
  nodes: PlacedNode[];
  width: number;
  height: number;
}

/** A group of trees of one site, from its own origin. */
function draw(site: string, roots: Branch[]): Drawn {
  const nodes: PlacedNode[] = [];
  let row = 0;
  let deepest = 0;
  const place = (branch: Branch, layer: number): number => {
    deepest = Math.max(deepest, layer);
    const ys = branch.children.map((child) => place(child, layer + 1));
    const first = ys[0];
    const y = first === undefined ? row++ * box.row : (first + (ys.at(-1) ?? first)) / 2;
    nodes.push({ branch, x: layer * box.layer, y });
    return y;
  };
  for (const root of roots) place(root, 0);
  return { site, nodes, width: deepest * box.layer + box.width, height: Math.max(row, 1) * box.row - (box.row - box.height) };
}

function by_site(roots: Branch[]): Map<string, Branch[]> {
  const sites = new Map<string, Branch[]>();
  for (const root of roots) {
    const own = sites.get(root.node.site);
    if (own) own.push(root);
    else sites.set(root.node.site, [root]);
  }
  return new Map([...sites].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function layout(forest: Forest, ratio = 1.6): Layout {
  const drawn = [...by_site(forest.roots)].map(([site, roots]) => draw(site, roots));
  const framed = drawn.length > 1;
  const head = framed ? box.title : 0;
  const widest = Math.max(box.width, ...drawn.map((one) => one.width)) + box.between;
  const all = drawn.reduce((sum, one) => sum + one.height + head + box.between, 0);
  const columns = Math.max(1, Math.min(drawn.length, Math.round(Math.sqrt((all * ratio) / widest))));
  const tops = new Array<number>(columns).fill(0);
  const blocks: Block[] = [];
  const nodes: PlacedNode[] = [];
  for (const one of drawn) {
    const column = tops.indexOf(Math.min(...tops));
    const x = column * widest;
    const y = tops[column] ?? 0;
    tops[column] = y + one.height + head + box.between;
    if (framed) blocks.push({ site: one.site, x: x - 10, y: y - 4, width: one.width + 20, height: one.height + head + 14 });
    for (const node of one.nodes) nodes.push({ branch: node.branch, x: x + node.x, y: y + head + node.y });
  }
  const width = Math.max(box.width, ...nodes.map((node) => node.x + box.width));
  const height = Math.max(box.height, ...nodes.map((node) => node.y + box.height), ...blocks.map((block) => block.y + block.height));
  return { nodes, links: joined(nodes, forest), blocks, width, height };
}

function joined(nodes: PlacedNode[], forest: Forest): PlacedLink[] {
  const at = new Map<string, PlacedNode>();
  for (const node of nodes) {
    at.set(node.branch.id, node);
    for (const inside of node.branch.folded) at.set(inside.id, node);
  }
  const links: PlacedLink[] = [];
  for (const parent of nodes) {
    for (const child of parent.branch.children) {
      const end = at.get(child.id);
      if (end && child.link) links.push(line(child.link, parent, end));
    }
  }
  for (const link of forest.extra) {
    const a = at.get(link.a);
    const b = at.get(link.b);
    if (a && b && a !== b) links.push(around(link, a, b));
  }
  return links;
}

const half = box.height / 2;

function line(link: TopologyLink, from: PlacedNode, to: PlacedNode): PlacedLink {
  const [x1, y1, x2, y2] = [from.x + box.width, from.y + half, to.x, to.y + half];
  const bend = x1 + (x2 - x1) * 0.45;
  const path = `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
  return { link, path, x: x1 + (x2 - x1) * 0.62, y: y1 + (y2 - y1) * 0.72, is_extra: false };
}

/** A second way runs outside, right of both ends. */
function around(link: TopologyLink, a: PlacedNode, b: PlacedNode): PlacedLink {
  const [x1, y1, x2, y2] = [a.x + box.width, a.y + half + 6, b.x + box.width, b.y + half + 6];
  const out = Math.max(x1, x2) + 22;
  return { link, path: `M${x1} ${y1}C${out} ${y1} ${out} ${y2} ${x2} ${y2}`, x: out - 6, y: (y1 + y2) / 2, is_extra: true };
}

/** A name as far as it fits into so many pixels; letters are measured roughly, in parts of the size of the type. */
export function fitted_text(text: string, pixels: number, size: number): string {
  const width = (letter: string) => size * (/[\p{Lu}\p{N}_@%&]/u.test(letter) ? 0.72 : /[ilj.,:;'|() -]/.test(letter) ? 0.36 : 0.58);
  const letters = [...text];
  const whole = letters.reduce((sum, letter) => sum + width(letter), 0);
  if (whole <= pixels) return text;
  let room = pixels - size;
  const kept = letters.findIndex((letter) => (room -= width(letter)) < 0);
  return `${letters.slice(0, kept).join('').trimEnd()}…`;
}
