import { describe, expect, it } from 'vitest';

import type { Topology, TopologyLink, TopologyNode } from '../../src/api/inventory';
import { box, fitted_text, layout } from '../../src/state/topology_layout';
import { count, cuts, forest } from '../../src/state/topology_tree';

const node = (id: string, kind: string, depth: number, state = 'up', site = 'HA01'): TopologyNode => ({ id, name: id, kind, site, state, depth });
const link = (a: string, b: string, state = 'up'): TopologyLink => ({ a, b, a_port: '', b_port: '', by: ['lldp'], state, speed_bps: null });

function office(pcs: number): Topology {
  const nodes = [node('r', 'router', 0), node('s', 'switch', 1), node('w', 'ap', 2)];
  const links = [link('r', 's'), link('s', 'w')];
  for (let number = 0; number < pcs; number += 1) {
    nodes.push(node(`pc${number}`, 'pc', 2));
    links.push(link('s', `pc${number}`));
  }
  return { nodes, links };
}

const closed = new Set<string>();

describe('the forest of a topology', () => {
  it('puts each under the neighbour that is nearer to the way out', () => {
    const { roots, extra } = forest(office(2), closed);
    expect(roots.map((root) => root.id)).toEqual(['r']);
    expect(roots[0]?.children.map((child) => child.id)).toEqual(['s']);
    expect(roots[0]?.children[0]?.children.map((child) => child.id)).toEqual(['w', 'pc0', 'pc1']);
    expect(extra).toEqual([]);
  });

  it('is the same whatever the order it was told in', () => {
    const told = office(3);
    const turned = { nodes: [...told.nodes].reverse(), links: [...told.links].reverse() };
    expect(layout(forest(turned, closed)).nodes.map((one) => [one.branch.id, one.x, one.y])).toEqual(layout(forest(told, closed)).nodes.map((one) => [one.branch.id, one.x, one.y]));
  });

  it('folds many end devices of one kind into one, until they are asked for', () => {
    const folded = forest(office(9), closed).roots[0]?.children[0]?.children ?? [];
    expect(folded.map((child) => [child.id, child.folded.length])).toEqual([['w', 0], ['s/pc', 9]]);
    expect(forest(office(9), new Set(['s/pc'])).roots[0]?.children[0]?.children).toHaveLength(10);
    expect(count(forest(office(9), closed).roots[0]!)).toBe(12);
  });

  it('keeps the links of a ring beside the tree, and ends at a link to nobody', () => {
    const ring = office(0);
    ring.links.push(link('r', 'w'), link('w', 'gone'), link('s', 's'));
    const { roots, extra } = forest(ring, closed);
    expect(roots).toHaveLength(1);
    expect(extra).toHaveLength(1);
  });

  it('finds where it is cut, and how much lies behind', () => {
    const told = office(6);
    told.links[0] = link('r', 's', 'down');
    const [cut, ...others] = cuts(forest(told, closed).roots);
    expect(others).toEqual([]);
    expect([cut?.above?.id, cut?.branch.id, cut?.behind]).toEqual(['r', 's', 7]);
    expect(cuts(forest(office(2), closed).roots)).toEqual([]);
  });

  it('counts no line to the outside as a device', () => {
    const told = office(2);
    told.nodes.push(node('HA01/uplink:fibre', 'uplink', 0), node('HA01/uplink:4g', 'uplink', 0));
    told.links.push(link('r', 'HA01/uplink:fibre', 'down'), link('r', 'HA01/uplink:4g'));
    expect(forest(told, closed).roots.reduce((sum, root) => sum + count(root), 0)).toBe(5);
  });
});

describe('the layout of a topology', () => {
  it('lays layers from left to right, without one box on another', () => {
    const { nodes, width, height } = layout(forest(office(4), closed));
    expect(nodes.find((one) => one.branch.id === 'r')?.x).toBe(0);
    expect(nodes.find((one) => one.branch.id === 's')?.x).toBe(box.layer);
    for (const a of nodes) {
      for (const b of nodes) if (a !== b && a.x === b.x) expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(box.height);
      expect(a.x + box.width).toBeLessThanOrEqual(width);
      expect(a.y + box.height).toBeLessThanOrEqual(height);
    }
  });

  it('draws each site as a block of its own', () => {
    const nodes = ['A', 'B', 'C'].flatMap((site) => [node(`${site}/r`, 'router', 0, 'up', site), node(`${site}/s`, 'switch', 1, 'up', site)]);
    const links = ['A', 'B', 'C'].map((site) => link(`${site}/r`, `${site}/s`));
    const { blocks } = layout(forest({ nodes, links }, closed));
    expect(blocks.map((block) => block.site)).toEqual(['A', 'B', 'C']);
    for (const a of blocks) {
      for (const b of blocks) if (a !== b) expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
    }
  });

  it('has nothing to draw of nothing', () => {
    const empty = layout(forest({ nodes: [], links: [] }, closed));
    expect([empty.nodes, empty.blocks, empty.width]).toEqual([[], [], box.width]);
  });
});

describe('a name in a box', () => {
  it('stays whole where it fits, and ends in … where it does not', () => {
    expect(fitted_text('RT-BQ01', 138, 13)).toBe('RT-BQ01');
    const long = fitted_text('MAYTINH-VANPHONG-UBND-XA-QUANGNGUYEN', 138, 13);
    expect(long).toMatch(/^MAYTINH-.*…$/);
    expect(fitted_text('maytinh-vanphong-ubnd-xa-quangnguyen', 138, 13).length).toBeGreaterThan(long.length);
  });
});
