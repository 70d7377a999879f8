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

/** Texts of long lists are asked for with every letter that is typed. */
const remembered = new Map<string, string>();
const most_remembered = 20_000;

function folded_once(text: string): string {
  let folded = remembered.get(text);
  if (folded === undefined) {
    if (remembered.size >= most_remembered) remembered.clear();
    folded = fold(text);
    remembered.set(text, folded);
  }
  return folded;
}

/** Does `text` answer the search? Words in any order; marks count only where the searcher wrote them. */
export function matches(query: string, ...texts: string[]): boolean {
  const words = query.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return true;
  const whole = texts.join(' ');
  const folded = folded_once(whole);
  return words.every((word) => {
    const plain = folded_once(word);
    // What the marks are asked of has at least the letters.
    if (!folded.includes(plain)) return false;
    if (plain === word.toLowerCase()) return true;
    const wanted = tone_last(word);
    return tone_last(whole).split(/\s+/).some((candidate) => candidate.includes(wanted));
  });
}
