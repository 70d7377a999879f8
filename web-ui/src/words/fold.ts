// Search keys for Vietnamese text. Never an identity: two different units may share a key.

const tone_marks = /[\u0300\u0301\u0303\u0309\u0323]/g;
const all_marks = /[\u0300-\u036f]/g;

/** Without any marks: "Trụ sở Hoà Ân" → "tru so hoa an". */
export function fold(text: string): string {
  return text.normalize('NFD').replace(all_marks, '').toLowerCase().replaceAll('đ', 'd');
}

/** Marks kept, but the tone written after its syllable, so that hoà = hòa and thuỷ = thủy. */
function tone_last(text: string): string {
  const words = text.normalize('NFD').toLowerCase().split(/(\s+)/);
  return words.map((word) => word.replace(tone_marks, '') + (word.match(tone_marks) ?? []).join('')).join('');
}

/** Does `text` answer the search? Words in any order; marks count only where the searcher wrote them. */
export function matches(query: string, ...texts: string[]): boolean {
  const whole = texts.join(' ');
  const folded = fold(whole);
  const toned = tone_last(whole).split(/\s+/);
  return query
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
    .every((word) => {
      const plain = fold(word);
      if (plain === word.toLowerCase()) return folded.includes(plain);
      const wanted = tone_last(word);
      return toned.some((candidate) => candidate.includes(wanted));
    });
}
