// A text that is being typed, once the typing rests: so that the collector is not asked at every letter.

export function use_settled(read: () => string, rest_ms = 250): { readonly value: string } {
  let value = $state(read());
  $effect(() => {
    const next = read();
    const timer = setTimeout(() => (value = next), rest_ms);
    return () => clearTimeout(timer);
  });
  return {
    get value() {
      return value;
    },
  };
}
