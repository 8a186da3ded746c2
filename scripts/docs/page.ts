/** How a generated page is put together: a line that says where it comes from, and tables. */

/** A page with its title, what it is drawn from, and its parts, one blank line between them. */
export function page(title: string, source: string, ...parts: readonly string[]): string {
  const origin = `Drawn from ${source} by \`npm run docs\`. Change the code, not this page.`;
  return `${[`# ${title}`, origin, ...parts].join('\n\n')}\n`;
}

/** A Markdown table; `|` inside a cell is escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const code = (text: string): string => `\`${text}\``;
