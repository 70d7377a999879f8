// Every word the pages say, in both languages. A file for each area; a key without one of the languages does not compile.
import { agents } from './areas/agents';
import { device } from './areas/device';
import { devices } from './areas/devices';
import { events } from './areas/events';
import { fault } from './areas/fault';
import { forms } from './areas/forms';
import { frame } from './areas/frame';
import { gaps } from './areas/gaps';
import { kinds } from './areas/kinds';
import { lists } from './areas/lists';
import { rules } from './areas/rules';
import { sites } from './areas/sites';
import { stocktake } from './areas/stocktake';
import { tables } from './areas/tables';
import { topology } from './areas/topology';

export const areas = { frame, forms, tables, gaps, sites, fault, kinds, events, agents, rules, devices, device, lists, topology, stocktake };

export const dictionary = { ...frame, ...forms, ...tables, ...gaps, ...sites, ...fault, ...kinds, ...events, ...agents, ...rules, ...devices, ...device, ...lists, ...topology, ...stocktake };
export type Word = keyof typeof dictionary;
