// What a form says of a field that it does not take. The browser would say it in its own language, not in the person's.
import { t } from './language.svelte';

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function is_field(target: unknown): target is Field {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

/** What is wrong with a field, or nothing. */
export function field_message(field: Pick<Field, 'type' | 'validity'> & { min?: string; max?: string }): string {
  const { validity, min, max } = field;
  if (validity.badInput) return t('input.number');
  if (validity.valueMissing) return t(field.type === 'radio' || field.type.startsWith('select') ? 'input.choose' : 'input.fill');
  if (validity.rangeUnderflow || validity.rangeOverflow) return t('input.range', { min: min ?? '', max: max ?? '' });
  return validity.stepMismatch ? t('input.whole') : '';
}

/** A message of our own makes a field invalid until it is taken back: before each sending, and when something is typed. */
function take_back(event: Event): void {
  if (is_field(event.target)) event.target.setCustomValidity('');
  const button = event.target instanceof Element ? event.target.closest('button') : null;
  for (const field of button?.form?.elements ?? []) if (is_field(field)) field.setCustomValidity('');
}

export function speak_for_fields(): void {
  document.addEventListener('invalid', (event) => is_field(event.target) && event.target.setCustomValidity(field_message(event.target)), true);
  for (const type of ['click', 'input', 'change']) document.addEventListener(type, take_back, true);
}
