// The REST API with the user's own token; the demonstration needs none.

const KEY = "attune-token";

export class Unauthorised extends Error {}

export function keepToken(token) {
  sessionStorage.setItem(KEY, token);
}

export async function get(path) {
  const token = sessionStorage.getItem(KEY);
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const answer = await fetch(path, { headers });
  if (answer.status === 401) throw new Unauthorised();
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail || body.title || `The server answered ${answer.status}`);
  return body;
}
