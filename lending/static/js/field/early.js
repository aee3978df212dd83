// A first visit asks its first questions while the page's own script is still on the way: on a slow line that is most of a second. The answers
// are taken up by calls.js. With a worker the page comes from the phone, and asks when it knows what it lacks.

if (!navigator.serviceWorker?.controller) {
  const how = {
    headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang }, cache: "no-store", redirect: "error", credentials: "same-origin",
  };
  globalThis.early = new Map(["/api/v1/me", "/lapangan/kunci", "/api/v1/groups?limit=200", "/api/v1/meetings"].map((path) => {
    const reply = fetch(path, how);
    reply.catch(() => {}); // told by whoever takes it up
    return [path, reply];
  }));
}
