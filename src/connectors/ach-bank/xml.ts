/**
 * XML as plain nodes, every value a text: an amount must never become a JavaScript number. Well-formedness is checked
 * before parsing, and a document type declaration is refused: bank files have none, and entities are an attack.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { MalformedFile } from '../ports/card-acquirer.ts';

/** An element: children and `@attributes` by name. Repeated children are a list. */
export type XmlNode = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#text',
  removeNSPrefix: true,
  ignoreDeclaration: true,
});

/**
 * The root element and its namespace ('' for none).
 * @throws MalformedFile for anything but well-formed UTF-8 XML without a DOCTYPE, with a root of that name.
 */
export function parseXml(bytes: Uint8Array, rootName: string): { readonly root: XmlNode; readonly namespace: string } {
  const content = decode(bytes);
  const root = child(parse(content), rootName);
  if (root === undefined) throw new MalformedFile(`XML: no ${rootName}`);
  return { root, namespace: namespaceOf(content, rootName) };
}

function parse(content: string): XmlNode {
  if (/<!DOCTYPE/i.test(content)) throw new MalformedFile('XML: a document type declaration is refused');
  const verdict = XMLValidator.validate(content);
  if (verdict !== true) throw new MalformedFile(`XML: line ${verdict.err.line}: ${verdict.err.msg}`);
  try {
    return node(parser.parse(content));
  } catch (cause) {
    throw new MalformedFile('XML: cannot be parsed', { cause });
  }
}

/** The parser drops namespaces, so the root's is read from its tag. */
function namespaceOf(content: string, rootName: string): string {
  const [, prefix = '', attributes = ''] = new RegExp(`<([\\w.-]+:)?${rootName}\\b([^>]*)>`).exec(content) ?? [];
  const name = prefix === '' ? 'xmlns' : `xmlns:${prefix.slice(0, -1)}`;
  return new RegExp(`(?:^|\\s)${name}\\s*=\\s*["']([^"']*)["']`).exec(attributes)?.[1] ?? '';
}

/** The element children of that name, none, one or more. */
export function children(parent: XmlNode | undefined, name: string): readonly XmlNode[] {
  const value = parent?.[name];
  return value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(node);
}

/** The first element at a path of names. */
export function child(parent: XmlNode | undefined, ...path: readonly string[]): XmlNode | undefined {
  let current = parent;
  for (const name of path) current = children(current, name)[0];
  return current;
}

/** The text at a path of names; undefined when absent or empty. */
export function textAt(parent: XmlNode | undefined, ...path: readonly string[]): string | undefined {
  const value = child(parent, ...path)?.['#text'];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A leaf without attributes arrives as a bare text. */
function node(value: unknown): XmlNode {
  if (typeof value === 'string') return { '#text': value };
  return typeof value === 'object' && value !== null ? (value as XmlNode) : {};
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new MalformedFile('XML: not UTF-8', { cause });
  }
}
