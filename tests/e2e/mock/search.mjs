// Search as the collector does it: words in any order, tone marks forgiven.

export function fold(text) {
  return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replaceAll('đ', 'd');
}

export function matches(query, texts) {
  const whole = fold(texts.join(' '));
  return fold(query).split(/\s+/).every((word) => whole.includes(word));
}
