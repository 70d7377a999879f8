// The address of the page, kept behind the # so that the collector only serves files: #/sites/HA01?state=open.
// Filters live in the address too: a link shows a colleague the same rows.

export interface Place {
  page: string;
  id: string | null;
  filters: URLSearchParams;
}

export function parse_place(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page = '', ...rest] = path.split('/');
  let id: string | null = rest.length > 0 ? rest.join('/') : null;
  try {
    if (id !== null) id = decodeURIComponent(id);
  } catch {
    // A half-written escape typed by hand: take it as it stands.
  }
  return { page: page || 'gaps', id: id || null, filters: new URLSearchParams(query) };
}

export function link(page: string, id: string | number | null = null, filters: URLSearchParams | Record<string, string> | null = null): string {
  const query = new URLSearchParams(filters ?? {}).toString();
  return `#/${page}${id === null ? '' : `/${encodeURIComponent(id)}`}${query ? `?${query}` : ''}`;
}
