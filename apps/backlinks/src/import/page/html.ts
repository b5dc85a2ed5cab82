import { Parser } from 'htmlparser2';
import { type Html, HtmlReading } from './html-reading.js';

const PIECE = 64 * 1024;

/** XHTML has two things that HTML does not know: elements that close themselves, and CDATA. */
export function readHtml(text: string, { isXhtml }: { readonly isXhtml: boolean }): Html {
  const reading = new HtmlReading();
  const parser = new Parser(reading, { recognizeSelfClosing: isXhtml, recognizeCDATA: isXhtml });
  for (let at = 0; at < text.length; at += PIECE) parser.write(text.slice(at, at + PIECE));
  parser.end();
  return reading.end();
}
