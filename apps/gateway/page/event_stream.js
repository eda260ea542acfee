// Server-sent events of a body, as they come.

const dataOf = event => event.split('\n').filter(line => line.startsWith('data:'))
  .map(line => line.slice('data:'.length).trimStart()).join('\n');

/** The data of each event. Whoever leaves the loop ends the request. */
export async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const events = (text + read.value).split('\n\n');
      text = events.pop();
      yield* events.map(dataOf);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
