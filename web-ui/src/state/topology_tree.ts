// From nodes and links to trees that can be drawn and read aloud: every node under the neighbour that is nearer to the
// way out, many end devices of one kind folded into one. Deterministic: the same topology gives the same trees. Pure.
import type { Topology, TopologyLink, TopologyNode } from '../api/inventory';

export interface Branch {
  /** The node's id; of a fold "PARENT/KIND". */
  id: string;
  node: TopologyNode;
  /** Of a fold: the nodes inside. */
  folded: TopologyNode[];
  /** The link to the branch that holds this one. */
  link: TopologyLink | null;
  children: Branch[];
}

export interface Forest {
  roots: Branch[];
  /** Links that no tree holds: rings and second ways. */
  extra: TopologyLink[];
}

const ends = new Set(['pc', 'server', 'printer', 'camera', 'phone', 'nvr', 'ups', 'other', 'host', '']);
const most_ends = 4;
const names = new Intl.Collator('vi', { numeric: true });
const rank: Record<string, number> = { uplink: -1, router: 0, switch: 1, ap: 2, server: 3 };

export function compare_nodes(a: TopologyNode, b: TopologyNode): number {
  const kind = (rank[a.kind] ?? 9) - (rank[b.kind] ?? 9);
  return a.depth - b.depth || kind || names.compare(a.kind, b.kind) || names.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

export function forest(topology: Topology, open: ReadonlySet<string>): Forest {
  const by_id = new Map(topology.nodes.map((node) => [node.id, node]));
  const links = topology.links.filter((link) => link.a !== link.b && by_id.has(link.a) && by_id.has(link.b));
  const near = neighbours(links);
  const branches = new Map<string, Branch>();
  const roots: Branch[] = [];
  const used = new Set<TopologyLink>();
  // Nearest to the way out first; from each, everything not yet placed is placed under it.
  for (const root of [...topology.nodes].sort(compare_nodes)) {
    if (branches.has(root.id)) continue;
    const top: Branch = { id: root.id, node: root, folded: [], link: null, children: [] };
    branches.set(root.id, top);
    roots.push(top);
    grow(top, by_id, near, branches, used);
  }
  const fold_in = (branch: Branch): void => {
    branch.children.forEach(fold_in);
    branch.children = folded(branch, open);
  };
  roots.forEach(fold_in);
  return { roots, extra: links.filter((link) => !used.has(link)) };
}

function neighbours(links: TopologyLink[]): Map<string, TopologyLink[]> {
  const near = new Map<string, TopologyLink[]>();
  for (const link of links) {
    for (const id of [link.a, link.b]) {
      const here = near.get(id);
      if (here) here.push(link);
      else near.set(id, [link]);
    }
  }
  return near;
}

/** Breadth first, so that a branch is as short as it can be. */
function grow(top: Branch, by_id: Map<string, TopologyNode>, near: Map<string, TopologyLink[]>, branches: Map<string, Branch>, used: Set<TopologyLink>): void {
  const waiting = [top];
  for (let branch = waiting.shift(); branch; branch = waiting.shift()) {
    const here = branch;
    const next = (near.get(here.id) ?? [])
      .map((link) => ({ link, node: by_id.get(link.a === here.id ? link.b : link.a) }))
      .filter((one): one is { link: TopologyLink; node: TopologyNode } => one.node !== undefined)
      .sort((a, b) => compare_nodes(a.node, b.node));
    for (const { link, node } of next) {
      if (branches.has(node.id)) continue;
      const child: Branch = { id: node.id, node, folded: [], link, children: [] };
      branches.set(node.id, child);
      used.add(link);
      here.children.push(child);
      waiting.push(child);
    }
  }
}

/** Many end devices of one kind under one parent become one branch, unless it was opened. */
function folded(parent: Branch, open: ReadonlySet<string>): Branch[] {
  const heaps = new Map<string, Branch[]>();
  const is_end = (child: Branch) => child.children.length === 0 && ends.has(child.node.kind);
  for (const child of parent.children) {
    if (!is_end(child)) continue;
    const heap = heaps.get(child.node.kind);
    if (heap) heap.push(child);
    else heaps.set(child.node.kind, [child]);
  }
  const result: Branch[] = [];
  const done = new Set<string>();
  for (const child of parent.children) {
    const heap = heaps.get(child.node.kind) ?? [];
    const id = `${parent.id}/${child.node.kind}`;
    if (!is_end(child) || heap.length <= most_ends || open.has(id)) {
      result.push(child);
    } else if (!done.has(id)) {
      done.add(id);
      const nodes = heap.map((one) => one.node);
      const node: TopologyNode = { ...child.node, id, name: '', state: worst(nodes.map((one) => one.state)) };
      result.push({ id, node, folded: nodes, link: { ...(child.link as TopologyLink), state: worst(heap.map((one) => one.link?.state ?? 'not_known')) }, children: [] });
    }
  }
  return result;
}

/** The state of many: up as long as one is. */
function worst(states: string[]): string {
  if (states.includes('up')) return 'up';
  return states.includes('down') ? 'down' : 'not_known';
}

/** The devices that a branch itself stands for; a line to the outside is none. */
function own(branch: Branch): number {
  return branch.node.kind === 'uplink' ? 0 : branch.folded.length || 1;
}

export function count(branch: Branch): number {
  return own(branch) + branch.children.reduce((sum, child) => sum + count(child), 0);
}

export interface Cut {
  branch: Branch;
  above: Branch | null;
  /** How many devices lie behind it. */
  behind: number;
}

/** Where the network is cut: the first thing on each way down that does not work. */
export function cuts(roots: Branch[]): Cut[] {
  const found: Cut[] = [];
  const look = (branch: Branch, above: Branch | null): void => {
    if (branch.node.state === 'down' || branch.link?.state === 'down') found.push({ branch, above, behind: count(branch) - own(branch) });
    else for (const child of branch.children) look(child, branch);
  };
  for (const root of roots) look(root, null);
  return found;
}
