// What an agent told of itself, in words; of one that never told anything nothing is known. Pure.
import type { Agent } from '../api/shapes';
import { format_bytes, format_number, format_span } from '../words/format';
import { language, t, t_value } from '../words/language.svelte';

/** The collector counts from nought: until an agent has introduced itself, its figures are nobody's. */
export const has_told = (agent: Agent) => agent.last_heard !== null && agent.version !== '';

function offset_text(ms: number): string {
  const size = Math.abs(ms);
  const sign = ms < 0 ? '−' : '+';
  return size < 1000 ? `${sign}${format_number(size, language.current)} ms` : `${sign}${format_span(size, language.current)}`;
}

export function clock_text(agent: Agent): string {
  if (!has_told(agent) || agent.clock_offset_ms === null) return t('data.not_known');
  const offset = offset_text(agent.clock_offset_ms);
  if (agent.clock_error_ms === null) return offset;
  return t('agents.clock_value', { offset, error: `${format_number(agent.clock_error_ms, language.current)} ms` });
}

/** Rule S39: 5 seconds is worth a warning. */
export const clock_wrong = (agent: Agent) => has_told(agent) && Math.abs(agent.clock_offset_ms ?? 0) > 5000;

export function spool_text(agent: Agent): string {
  if (!has_told(agent) || agent.spool_batches === null || agent.spool_bytes === null) return t('data.not_known');
  if (agent.spool_batches === 0) return t('agents.spool_empty');
  return t('agents.spool_value', { batches: format_number(agent.spool_batches, language.current), bytes: format_bytes(agent.spool_bytes, language.current) });
}

export function bytes_text(agent: Agent): string {
  return !has_told(agent) || agent.bytes_today === null ? t('data.not_known') : format_bytes(agent.bytes_today, language.current);
}

export const version_text = (agent: Agent) => agent.version || t('data.not_known');

/** How it reports; the collector names one for every agent, also before it asked for any. */
export function profile_text(agent: Agent): string {
  if (!has_told(agent)) return t('agents.profile_unknown');
  return agent.profile === '' ? '' : t_value('profile', agent.profile);
}
