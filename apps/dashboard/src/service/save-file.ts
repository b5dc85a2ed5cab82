/** Saves a stream as a file, where a plain link could not send the key. The browser collects all of it first. */
export async function saveFile(name: string, body: ReadableStream<Uint8Array>): Promise<void> {
  const address = URL.createObjectURL(await new Response(body).blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName(name);
  link.click();
  // By then the browser has begun to read the file. Without this, it would stay in memory as long as the page.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Users' names may contain characters that file systems do not allow. */
function fileName(name: string): string {
  return name.replace(/[\\/:*?"<>|\p{Cc}]/gu, '-').slice(0, 200);
}
