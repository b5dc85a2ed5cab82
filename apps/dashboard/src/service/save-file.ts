/** Saves what the service streams as a file: a plain link could not send the key. The browser collects all of it first. */
export async function saveFile(name: string, body: ReadableStream<Uint8Array>): Promise<void> {
  const address = URL.createObjectURL(await new Response(body).blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName(name);
  link.click();
  // The browser has begun to read it by then; it would otherwise stay in memory as long as the page.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Users' own names hold what no file system takes. */
function fileName(name: string): string {
  return name.replace(/[\\/:*?"<>|\p{Cc}]/gu, '-').slice(0, 200);
}
