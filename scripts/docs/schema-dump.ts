/**
 * migrations/schema.sql: the schema as the migrations leave it, in one place, to read and to compare. Written from
 * PostgreSQL's catalogs in a form of our own, because pg_dump is not always there and changes its form with its version.
 * The file is for reading; what builds a database is the migrations.
 */
import type pg from 'pg';

const SCHEMAS = ['public', 'vault'];
/** Whose rights are shown: the two roles that log in, and everybody. */
const ROLES = ['causeway_app', 'causeway_vault', 'public'];

const HEAD = `-- The schema as the migrations leave it: written from the catalogs by \`npm run docs\`, to be read, not run.
-- Not shown: owners, and the owner's own rights.`;

export async function dumpSchema(client: pg.Client): Promise<string> {
  const schemas: string[] = [];
  for (const schema of SCHEMAS) schemas.push(await dumpOne(client, schema));
  return `${[HEAD, ...schemas].join('\n\n')}\n`;
}

async function dumpOne(client: pg.Client, schema: string): Promise<string> {
  const grants = await lines(client, SCHEMA_GRANTS, [schema, ROLES]);
  const tables = await client.query<{ oid: number; name: string; options: string }>(TABLES, [schema]);
  const parts: string[] = [[`-- Schema ${schema}`, ...grants].join('\n')];
  for (const table of tables.rows) parts.push(await dumpTable(client, schema, table));
  const functions = await client.query<{ oid: number; text: string }>(FUNCTIONS, [schema]);
  for (const { oid, text } of functions.rows)
    parts.push([`${text.trimEnd()};`, ...(await lines(client, FUNCTION_GRANTS, [oid, ROLES]))].join('\n'));
  return parts.join('\n\n');
}

interface Table {
  readonly oid: number;
  readonly name: string;
  readonly options: string;
}

async function dumpTable(client: pg.Client, schema: string, { oid, name, options }: Table): Promise<string> {
  const columns = await lines(client, COLUMNS, [oid]);
  const constraints = await lines(client, CONSTRAINTS, [oid]);
  const inside = [...columns, ...constraints].map((line) => `  ${line}`).join(',\n');
  const after = [
    ...(await lines(client, INDEXES, [oid])),
    ...(await lines(client, COMMENTS, [oid])),
    ...(await lines(client, TABLE_GRANTS, [oid, ROLES])),
    ...(await lines(client, COLUMN_GRANTS, [oid, ROLES])),
  ];
  return [`create table ${schema}.${name} (\n${inside}\n)${options};`, ...after].join('\n');
}

/** The first column of every row. */
async function lines(client: pg.Client, text: string, values: unknown[]): Promise<string[]> {
  const { rows } = await client.query<[string]>({ text, values, rowMode: 'array' });
  return rows.map(([line]) => line);
}

const TABLES = `
  select c.oid, c.relname as name,
         case when c.reloptions is null then '' else ' with (' || array_to_string(c.reloptions, ', ') || ')' end as options
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = $1 and c.relkind in ('r', 'p') order by c.relname collate "C"`;

const COLUMNS = `
  select quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attnotnull then ' not null' else '' end
      || case when d.oid is null then ''
              when a.attgenerated = 's' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
              else ' default ' || pg_get_expr(d.adbin, d.adrelid) end
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum`;

// PostgreSQL 18 lists "not null" as constraints as well (contype n); the columns say it already.
const CONSTRAINTS = `
  select 'constraint ' || conname || ' ' || regexp_replace(pg_get_constraintdef(oid), '\\s+', ' ', 'g')
    from pg_constraint where conrelid = $1 and contype <> 'n'
   order by array_position('{p,u,f,c}'::"char"[], contype), conname collate "C"`;

const INDEXES = `
  select pg_get_indexdef(i.indexrelid) || ';' from pg_index i join pg_class c on c.oid = i.indexrelid
   where i.indrelid = $1 and not exists (select 1 from pg_constraint where conindid = i.indexrelid)
   order by c.relname collate "C"`;

const COMMENTS = `
  select 'comment on ' || case when d.objsubid = 0 then 'table ' || c.oid::regclass
         else 'column ' || c.oid::regclass || '.' || a.attname end || ' is ' || quote_literal(d.description) || ';'
    from pg_description d join pg_class c on c.oid = d.objoid
    left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid
   where d.objoid = $1 and d.classoid = 'pg_class'::regclass order by d.objsubid`;

const FUNCTIONS = `
  select p.oid, pg_get_functiondef(p.oid) as text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where n.nspname = $1 and p.prokind in ('f', 'p') order by p.proname collate "C"`;

interface Rights {
  /** SQL for what the rights are on. */
  readonly object: string;
  /** SQL for where the rights stand. */
  readonly acl: string;
  readonly from: string;
  /** SQL for the columns the rights are bound to, in parentheses. */
  readonly columns?: string;
}

/** One line a role, its rights in alphabetical order. */
const grantsOf = ({ object, acl, from, columns = "''" }: Rights): string => `
  select 'grant ' || string_agg(lower(g.right) || g.columns, ', ' order by g.right) || ' on ' || g.object || ' to ' || g.role || ';'
    from (select ${object} as object, ${columns} as columns, x.privilege_type as right,
                 case when x.grantee = 0 then 'public' else pg_get_userbyid(x.grantee) end as role
            from ${from} cross join lateral aclexplode(${acl}) x) g
   where g.role = any ($2::text[]) group by g.object, g.columns, g.role
   order by g.object collate "C", g.columns collate "C", g.role collate "C"`;

const SCHEMA_GRANTS = grantsOf({
  object: `'schema ' || n.nspname`,
  acl: 'n.nspacl',
  from: '(select * from pg_namespace where nspname = $1) n',
});
const TABLE_GRANTS = grantsOf({
  object: 'c.oid::regclass::text',
  acl: 'c.relacl',
  from: '(select * from pg_class where oid = $1) c',
});
const COLUMN_GRANTS = grantsOf({
  object: 'a.attrelid::regclass::text',
  columns: `' (' || a.attname || ')'`,
  acl: 'a.attacl',
  from: '(select * from pg_attribute where attrelid = $1 and attacl is not null) a',
});
// A function without rights of its own may be executed by everybody.
const FUNCTION_GRANTS = grantsOf({
  object: `'function ' || p.proname`,
  acl: `coalesce(p.proacl, acldefault('f', p.proowner))`,
  from: '(select * from pg_proc where oid = $1) p',
});
